package io.millrace.standalone.bench;

/** What a crash may do to what a topology makes. */
enum Guarantee {
    EXACTLY_ONCE("", "exactly_once_v2", "exactly-once"),
    AT_LEAST_ONCE(".at-least-once", "at_least_once", "at-least-once");

    private final String suffix;
    private final String ofStreams;
    private final String ofMillrace;

    Guarantee(String suffix, String ofStreams, String ofMillrace) {
        this.suffix = suffix;
        this.ofStreams = ofStreams;
        this.ofMillrace = ofMillrace;
    }

    /** Of figures' names. */
    String suffix() {
        return suffix;
    }

    /** As Kafka Streams names it. */
    String ofStreams() {
        return ofStreams;
    }

    /** As Millrace's settings do. */
    String ofMillrace() {
        return ofMillrace;
    }
}
