package io.millrace.processor.topology;

import org.apache.kafka.streams.StreamsConfig;

/** How often an event's effects count. */
public enum Guarantee {
    /** Predictions, profiles, dead letters, state and offsets commit in one transaction. */
    EXACTLY_ONCE(StreamsConfig.EXACTLY_ONCE_V2),
    /** After a crash, events since the last commit are processed again. */
    AT_LEAST_ONCE(StreamsConfig.AT_LEAST_ONCE);

    private final String setting;

    Guarantee(String setting) {
        this.setting = setting;
    }

    String setting() {
        return setting;
    }
}
