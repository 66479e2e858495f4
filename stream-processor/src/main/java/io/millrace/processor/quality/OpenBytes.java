package io.millrace.processor.quality;

import io.millrace.prediction.Role;
import io.millrace.processor.feature.OutcomeRule.Open;
import io.millrace.processor.quality.Section.Entry;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * {@link OpenPredictions} as they are kept. Big-endian: long due, the event time after which something is decided by time
 * alone; long newest event time; long receipt of the newest open prediction; int open predictions; then sections, one a
 * model version: long key, long time of the last event that decides, long event time after which nothing of it is wanted,
 * byte 1 where sums are kept, byte number of entries; then entries: long time, float score, byte role, and where sums are
 * kept double sum.
 */
final class OpenBytes {
    private static final int HEADER = 3 * Long.BYTES + Integer.BYTES;
    private static final int SECTION = 3 * Long.BYTES + 2;
    private static final int ENTRY = Long.BYTES + Float.BYTES + 1;

    private OpenBytes() {}

    /** What most events look at; bytes that {@link #write} wrote. */
    static long due(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getLong(offset);
    }

    static int count(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getInt(offset + 3 * Long.BYTES);
    }

    /** Notes the time of an event that decides nothing. */
    static void passed(byte[] bytes, int offset, long time) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        in.putLong(offset + Long.BYTES, Math.max(time, in.getLong(offset + Long.BYTES)));
    }

    static void read(ByteBuffer in, OpenPredictions into) {
        in.getLong();
        into.newest = in.getLong();
        into.received = in.getLong();
        in.getInt();
        while (in.hasRemaining()) {
            long key = in.getLong();
            long lastMatch = in.getLong();
            long until = in.getLong();
            Section section = new Section(key, in.get() == 1);
            section.lastMatch = lastMatch;
            section.until = until;
            for (int left = in.get(); left > 0; left--) {
                long time = in.getLong();
                float score = in.getFloat();
                Role role = role(in.get());
                section.entries.add(
                        new Entry(time, score, role, section.sums ? new Open(in.getDouble()) : Open.NOTHING));
            }
            into.sections().add(section);
        }
    }

    /** Empty where nothing is kept. */
    static byte[] write(OpenPredictions predictions) {
        List<Section> sections = predictions.sections();
        if (sections.isEmpty()) {
            return new byte[0];
        }
        int length = HEADER;
        int count = 0;
        for (Section section : sections) {
            int entries = section.entries.size();
            length += SECTION + entries * (ENTRY + (section.sums ? Double.BYTES : 0));
            count += entries;
        }
        ByteBuffer out = ByteBuffer.allocate(length)
                .putLong(predictions.due())
                .putLong(predictions.newest)
                .putLong(predictions.received)
                .putInt(count);
        sections.forEach(section -> write(section, out));
        return out.array();
    }

    private static void write(Section section, ByteBuffer out) {
        out.putLong(section.key)
                .putLong(section.lastMatch)
                .putLong(section.until)
                .put((byte) (section.sums ? 1 : 0))
                .put((byte) section.entries.size());
        for (Entry entry : section.entries) {
            out.putLong(entry.time()).putFloat(entry.score()).put(code(entry.role()));
            if (section.sums) {
                out.putDouble(entry.told().sum());
            }
        }
    }

    private static byte code(Role role) {
        return switch (role) {
            case CHAMPION -> 0;
            case CANARY -> 1;
            case SHADOW -> 2;
        };
    }

    private static Role role(byte code) {
        return code == 0 ? Role.CHAMPION : code == 1 ? Role.CANARY : Role.SHADOW;
    }
}
