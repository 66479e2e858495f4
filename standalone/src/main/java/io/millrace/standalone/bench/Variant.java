package io.millrace.standalone.bench;

import java.util.Map;

/** What takes the backlog. */
enum Variant {
    /** Kafka Streams that copies events to another topic: what broker, clients and transactions cost. */
    PASSTHROUGH("score.passthrough", 1),
    /** The same, and a RocksDB store with its changelog that keeps something of each user. */
    STATE("score.state", 1),
    /** Millrace with a model that scores each event alone. */
    NAIVE("score.naive", 5),
    /** Millrace. */
    FULL("score.full", 1),
    /** Millrace with a recurrent model over a user's last 16 events that scores each event alone. */
    GRU_NAIVE("score.gru.naive", 10),
    /** Millrace with that model. */
    GRU("score.gru", 2);

    private final String figure;
    private final int part;

    Variant(String figure, int part) {
        this.figure = figure;
        this.part = part;
    }

    /** Of how many events a second it takes. */
    String figure() {
        return figure;
    }

    /** How many of so many events it gets: the slow ones fewer, for the same time. */
    int events(int all) {
        return all / part;
    }

    boolean isMillrace() {
        return this != PASSTHROUGH && this != STATE;
    }

    /** Whether its model looks at the last events one by one. */
    boolean isRecurrent() {
        return this == GRU || this == GRU_NAIVE;
    }

    /** Whether a first impression needs it. */
    boolean isQuick() {
        return !isRecurrent();
    }

    /** Of the time of a first impression: a program with more code takes longer to be compiled. The rest goes to starts. */
    int quickPercent() {
        return switch (this) {
            case PASSTHROUGH, STATE -> 11;
            case NAIVE, GRU_NAIVE -> 16;
            case FULL, GRU -> 24;
        };
    }

    /** Whether it is run under a guarantee: what bounds what is. */
    boolean takes(Guarantee guarantee) {
        return guarantee == Guarantee.EXACTLY_ONCE || this == PASSTHROUGH || this == STATE || this == FULL;
    }

    Map<String, String> settings() {
        return this == NAIVE || this == GRU_NAIVE ? Map.of("MILLRACE_PROCESSOR_BATCH_SIZE", "1") : Map.of();
    }
}
