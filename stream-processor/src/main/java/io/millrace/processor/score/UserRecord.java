package io.millrace.processor.score;

import io.millrace.event.Profile;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.processor.feature.StateVersionException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds of one user, in one value, so that an event costs one read and one write: the profile and the
 * features' state.
 *
 * <p>Version 1, big-endian: byte version; int length of the traits or -1 for no profile; then, with a profile, long time
 * of its update in milliseconds and the traits as JSON; then the features' state, whose codec has its own version. Version
 * 2, written for users with predictions whose outcome is not known yet, has their length as an int and them, as {@link
 * UserOutcomes} writes them, after the version.
 *
 * @param profile null until the first identify
 * @param openLength of the open predictions, which begin at {@link #OPEN_OFFSET}; 0 where there are none
 * @param bytes the whole value, whose end is the state
 * @param stateOffset where the state begins
 */
record UserRecord(@Nullable Profile profile, int openLength, byte[] bytes, int stateOffset) {
    /** Where open predictions begin in a value that has some. */
    static final int OPEN_OFFSET = 1 + Integer.BYTES;

    private static final byte VERSION = 1;
    private static final byte VERSION_WITH_OPEN = 2;
    private static final int NO_PROFILE = -1;

    int stateLength() {
        return bytes.length - stateOffset;
    }

    /**
     * Reads what {@link #encode} wrote, of this release or an earlier one.
     *
     * @throws StateVersionException if the bytes are of a later release
     * @throws IllegalStateException if they are damaged
     */
    static UserRecord decode(UserKey user, byte[] bytes) {
        if (bytes.length > 0 && bytes[0] != VERSION && bytes[0] != VERSION_WITH_OPEN) {
            throw new StateVersionException("store " + ScoreStores.USERS, bytes[0], VERSION_WITH_OPEN);
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            in.get();
            int openLength = openLength(bytes);
            in.position(bodyOffset(bytes));
            int traitsLength = in.getInt();
            if (traitsLength == NO_PROFILE) {
                return new UserRecord(null, openLength, bytes, in.position());
            }
            Instant updatedAt = Instant.ofEpochMilli(in.getLong());
            JsonObject traits = JsonObject.of(bytes, in.position(), traitsLength);
            return new UserRecord(
                    new Profile(user, traits, updatedAt), openLength, bytes, in.position() + traitsLength);
        } catch (RuntimeException e) {
            throw new IllegalStateException("state of " + bytes.length + " bytes cannot be read", e);
        }
    }

    /** Of open predictions in a stored value; 0 where there are none. */
    static int openLength(byte[] bytes) {
        return bytes[0] == VERSION_WITH_OPEN ? ByteBuffer.wrap(bytes).getInt(1) : 0;
    }

    private static int bodyOffset(byte[] bytes) {
        return bytes[0] == VERSION_WITH_OPEN ? OPEN_OFFSET + openLength(bytes) : 1;
    }

    /** @param open predictions; empty where there are none */
    static byte[] encode(@Nullable Profile profile, byte[] open, byte[] state) {
        int traits = profile == null ? 0 : Long.BYTES + profile.traits().length();
        int withOpen = open.length == 0 ? 0 : Integer.BYTES + open.length;
        ByteBuffer out = ByteBuffer.allocate(1 + withOpen + Integer.BYTES + traits + state.length);
        if (open.length > 0) {
            out.put(VERSION_WITH_OPEN).putInt(open.length).put(open);
        } else {
            out.put(VERSION);
        }
        if (profile == null) {
            out.putInt(NO_PROFILE);
        } else {
            JsonObject given = profile.traits();
            out.putInt(given.length())
                    .putLong(profile.updatedAt().toEpochMilli())
                    .put(given.array(), given.offset(), given.length());
        }
        return out.put(state).array();
    }

    /** A stored value with other open predictions. */
    static byte[] withOpen(byte[] bytes, byte[] open) {
        int body = bodyOffset(bytes);
        int length = bytes.length - body;
        if (open.length == 0) {
            return ByteBuffer.allocate(1 + length)
                    .put(VERSION)
                    .put(bytes, body, length)
                    .array();
        }
        return ByteBuffer.allocate(OPEN_OFFSET + open.length + length)
                .put(VERSION_WITH_OPEN)
                .putInt(open.length)
                .put(open)
                .put(bytes, body, length)
                .array();
    }
}
