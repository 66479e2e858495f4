package io.millrace.ingest.receive.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * What one device has sent lately, so that what it sends again is the same event: MQTT marks such messages (DUP) and keeps
 * their packet id, topic and payload. Thread-safe: a device may come back by another listener before it is missed.
 */
final class Deliveries {
    /** Of a device; a client has about 20 in flight. */
    private static final int MOST = 64;

    private static final int FIRST = 4;

    /** Ids of two devices, or of one before and after a restart of the door, are never the same. */
    private final long origin = ThreadLocalRandom.current().nextLong();

    /** A client sends again when it is connected again; much later the packet id is another message's. */
    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanoTime;
    private long made;
    private int[] packets = {};
    private long[] times = {};
    private long[] contents = {};
    private long[] sequences = {};
    private int next;
    /** How long its session outlives its last connection. */
    private long sessionNanos;

    private long goneNanos;
    private int connections;

    Deliveries() {
        this(System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    Deliveries(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * A client connects.
     *
     * @param isAfresh whether it wants to know nothing of a session that it had
     * @param keptNanos how long its session outlives this connection; {@link Long#MAX_VALUE} for ever
     * @return whether it goes on with a session
     */
    synchronized boolean connect(boolean isAfresh, long keptNanos) {
        boolean isThere = connections > 0 || nanoTime.getAsLong() - goneNanos < sessionNanos;
        boolean goesOn = sessionNanos > 0 && isThere && !isAfresh;
        sessionNanos = keptNanos;
        connections++;
        return goesOn;
    }

    /** It asks for another time than it did when it connected. */
    synchronized void keep(long keptNanos) {
        // Who asked for none cannot ask for one (MQTT-3.14.2-2).
        sessionNanos = sessionNanos == 0 ? 0 : keptNanos;
    }

    /** A connection is gone, and the last one where no other has come. */
    synchronized void disconnect() {
        connections--;
        goneNanos = nanoTime.getAsLong();
    }

    /** The id of a message that cannot be sent again. */
    synchronized String once() {
        return name(made++);
    }

    /** The id of a message that may be sent again, or is. */
    synchronized String id(int packet, boolean isAgain, String topic, byte[] payload) {
        long content = content(topic, payload);
        long now = nanoTime.getAsLong();
        if (isAgain) {
            for (int i = 0; i < packets.length; i++) {
                if (packets[i] == packet && contents[i] == content && now - times[i] < KEPT_NANOS) {
                    times[i] = now;
                    return name(sequences[i]);
                }
            }
        }
        if (next == packets.length && next < MOST) {
            int length = Math.max(FIRST, 2 * next);
            packets = Arrays.copyOf(packets, length);
            contents = Arrays.copyOf(contents, length);
            sequences = Arrays.copyOf(sequences, length);
            times = Arrays.copyOf(times, length);
        }
        int at = next % MOST;
        packets[at] = packet;
        contents[at] = content;
        sequences[at] = made++;
        times[at] = now;
        next = at + 1;
        return name(sequences[at]);
    }

    private String name(long sequence) {
        return "mqtt-" + Long.toHexString(origin) + "-" + sequence;
    }

    /** Not against whoever wants two to be the same: they would be the device's own. */
    private static long content(String topic, byte[] payload) {
        CRC32C sum = new CRC32C();
        sum.update(payload);
        long ofPayload = sum.getValue();
        sum.update(topic.getBytes(StandardCharsets.UTF_8));
        return ofPayload << 32 | sum.getValue();
    }
}
