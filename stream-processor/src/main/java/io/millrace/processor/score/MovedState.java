package io.millrace.processor.score;

import io.millrace.processor.feature.StateVersionException;
import io.millrace.processor.quality.UserOutcomes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A piece of state on its way from a task of one layout to a task of the next. It is made of the record that a changelog of
 * the one holds, and put into the store of the other; a later piece of the same key takes the place of an earlier one.
 *
 * <p>Its bytes, big-endian: byte version; byte kind; byte 1 where there is a value and 0 where there is none; then, for counts,
 * int the partition they were counted in; int length of the key, the key, the value. Start and end have no more than the kind.
 */
public sealed interface MovedState extends Incoming {
    /** The value that the store users has of a user; null where it has none any more. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    record User(byte[] key, byte @Nullable [] value) implements MovedState {}

    /** An event that was seen. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Seen(byte[] key, long window, byte @Nullable [] value) implements MovedState {}

    /** Counts of model quality. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Counts(int partition, String key, byte @Nullable [] value) implements MovedState {}

    /** The copying begins. Nothing to take; that the task has read it tells that it runs. */
    record Start() implements MovedState {}

    /** There is no more: the task may take events. */
    record End() implements MovedState {}

    /** Which store a changelog is of. */
    enum Store {
        USERS('U', ScoreStores.USERS),
        SEEN('S', ScoreStores.SEEN),
        QUALITY('Q', ScoreStores.QUALITY);

        private final byte kind;
        private final String name;

        Store(char kind, String name) {
            this.kind = (byte) kind;
            this.name = name;
        }

        private static Store of(byte kind) {
            for (Store store : values()) {
                if (store.kind == kind) {
                    return store;
                }
            }
            throw new IllegalStateException("moved state of kind " + kind + ": expected one of this release");
        }

        /** @param application Kafka Streams' application id */
        public String changelog(String application) {
            return application + "-" + name + "-changelog";
        }
    }

    /** What to send, and to which partitions of the next layout. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Parcel(byte[] bytes, List<Integer> partitions) {}

    byte VERSION = 1;
    byte END = 'e';
    byte START = 'b';

    /**
     * Packs a changelog's record.
     *
     * @param from its partition
     * @param fromPartitions of the layout it is of
     * @param toPartitions of the layout it goes to
     */
    static Parcel pack(
            Store store, int from, int fromPartitions, int toPartitions, byte[] key, byte @Nullable [] value) {
        return switch (store) {
            case USERS -> new Parcel(bytes(store, 0, key, value), List.of(Partitions.of(key, toPartitions)));
            case SEEN ->
                new Parcel(bytes(store, 0, key, value), Partitions.ofSeen(value, from, fromPartitions, toPartitions));
            case QUALITY -> new Parcel(bytes(store, from, key, value), Partitions.ofCounts(key, from, toPartitions));
        };
    }

    /** What says that the copying begins. */
    static byte[] start() {
        return new byte[] {VERSION, START};
    }

    /** What says that there is no more. */
    static byte[] end() {
        return new byte[] {VERSION, END};
    }

    private static byte[] bytes(Store store, int partition, byte[] key, byte @Nullable [] value) {
        ByteBuffer out = ByteBuffer.allocate(3 + 2 * Integer.BYTES + key.length + (value == null ? 0 : value.length));
        out.put(VERSION).put(store.kind).put((byte) (value == null ? 0 : 1));
        out.putInt(partition).putInt(key.length).put(key);
        return (value == null ? out : out.put(value)).array();
    }

    /**
     * Reads what {@link #pack} and {@link #end} wrote.
     *
     * @throws StateVersionException if the bytes are of a later release
     * @throws IllegalStateException if they are none
     */
    static MovedState read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version != VERSION) {
                throw new StateVersionException("the topic of moved state", version, VERSION);
            }
            byte kind = in.get();
            if (kind == END || kind == START) {
                return kind == END ? new End() : new Start();
            }
            boolean hasValue = in.get() == 1;
            int partition = in.getInt();
            byte[] key = new byte[in.getInt()];
            in.get(key);
            byte[] value = hasValue ? new byte[in.remaining()] : null;
            if (value != null) {
                in.get(value);
            }
            return switch (Store.of(kind)) {
                case USERS -> new User(key, value);
                case SEEN -> SeenEvents.moved(key, value);
                case QUALITY -> new Counts(partition, new String(key, StandardCharsets.UTF_8), value);
            };
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new IllegalStateException("moved state of " + bytes.length + " bytes cannot be read", e);
        }
    }

    /** Where users are. */
    final class Partitions {
        private Partitions() {}

        /** As Kafka's default partitioner puts a key. */
        public static int of(byte[] key, int partitions) {
            return Utils.toPositive(Utils.murmur2(key)) % partitions;
        }

        /** An entry tells its user's hash; one of an earlier release goes wherever its user may be. */
        static List<Integer> ofSeen(byte @Nullable [] value, int from, int fromPartitions, int toPartitions) {
            if (value != null && value.length >= SeenEvents.VALUE_BYTES) {
                return List.of(Utils.toPositive(ByteBuffer.wrap(value).getInt(Long.BYTES)) % toPartitions);
            }
            int common = gcd(fromPartitions, toPartitions);
            return IntStream.range(0, toPartitions)
                    .filter(partition -> partition % common == from % common)
                    .boxed()
                    .toList();
        }

        /** What a task keeps for itself about its own move is not moved on. */
        static List<Integer> ofCounts(byte[] key, int from, int toPartitions) {
            if (StateArrival.isOwn(key)) {
                return List.of();
            }
            return UserOutcomes.isForAll(new String(key, StandardCharsets.UTF_8))
                    ? IntStream.range(0, toPartitions).boxed().toList()
                    : List.of(from % toPartitions);
        }

        private static int gcd(int a, int b) {
            return b == 0 ? a : gcd(b, a % b);
        }
    }
}
