package io.millrace.standalone.bench;

import java.util.Map;

/** What takes the backlog. */
enum Variant {
    /** Kafka Streams that copies events to another topic: what broker, clients and transactions cost. */
    PASSTHROUGH("score.passthrough", 1),
    /** The same, and a RocksDB store with its changelog that keeps something of each user. */
    STATE("score.state", 1),
    /** The same, and a model that is asked about each event by itself, as DJL's examples have it. */
    NAIVE("score.naive", 10),
    /** Millrace with a model that scores each event alone. */
    SINGLE("score.single", 5),
    /** Millrace. */
    FULL("score.full", 1),
    /** Millrace with a recurrent model over a user's last 20 events that scores each event alone. */
    GRU_SINGLE("score.gru.single", 10),
    /** Millrace with that model. */
    GRU("score.gru", 2),
    /** Millrace with the events and the network of another benchmark. */
    CRAYFISH("crayfish", 8);

    /** A model. */
    enum Scorer {
        DENSE,
        RECURRENT,
        CRAYFISH
    }

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
        return this != PASSTHROUGH && this != STATE && this != NAIVE;
    }

    Scorer scorer() {
        return switch (this) {
            case PASSTHROUGH, STATE, NAIVE, SINGLE, FULL -> Scorer.DENSE;
            case GRU_SINGLE, GRU -> Scorer.RECURRENT;
            case CRAYFISH -> Scorer.CRAYFISH;
        };
    }

    /** Whether a first impression needs it. */
    boolean isQuick() {
        return scorer() == Scorer.DENSE && this != SINGLE;
    }

    /** Of the time of a first impression: a program with more code takes longer to be compiled. The rest goes to starts. */
    int quickPercent() {
        return switch (this) {
            case PASSTHROUGH, STATE -> 11;
            case NAIVE, SINGLE, GRU_SINGLE -> 16;
            case FULL, GRU, CRAYFISH -> 24;
        };
    }

    /** Whether it takes the shop's events under a guarantee: what bounds what is. */
    boolean takes(Guarantee guarantee) {
        return this != CRAYFISH
                && (guarantee == Guarantee.EXACTLY_ONCE || this == PASSTHROUGH || this == STATE || this == FULL);
    }

    Map<String, String> settings() {
        return this == SINGLE || this == GRU_SINGLE ? Map.of("MILLRACE_PROCESSOR_BATCH_SIZE", "1") : Map.of();
    }
}
