package io.millrace.processor.quality;

import io.millrace.config.Key;
import java.time.Duration;
import java.util.List;

/** The settings of model quality. */
public final class QualityKeys {
    public static final Key<Duration> WINDOW = Key.duration(
            "processor.quality.window",
            "1h",
            "Event time over which a model's predictions and their outcomes are counted together.");
    public static final Key<Duration> GRACE = Key.duration(
            "processor.quality.grace",
            "5m",
            "How much later than its user's newest event an event may come and still be the outcome of a prediction.");
    static final Key<Integer> OPEN = Key.integer(
            "processor.quality.open",
            16,
            1,
            127,
            "Predictions of one user and model version that may wait for their outcome; of more a sample is kept and the"
                    + " rest is counted as dropped. Each is up to 21 bytes of the user's state.");
    public static final Key<Duration> EVERY = Key.duration(
            "processor.quality.every", "10s", "How often counts that changed are published on model-quality.");

    public static final List<Key<?>> ALL = List.of(WINDOW, GRACE, OPEN, EVERY);

    private QualityKeys() {}
}
