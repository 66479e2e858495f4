package io.millrace.processor.quality;

import io.millrace.config.Settings;
import java.time.Duration;

/**
 * How quality is watched.
 *
 * @param window by event time, over which predictions are counted together
 * @param grace how much later than its user's newest event an event may come and still be an outcome
 * @param open predictions of a user and a model version that may wait for their outcome, 1 to 127
 * @param every how often changed counts are published
 */
public record QualityConfig(Duration window, Duration grace, int open, Duration every) {
    public static QualityConfig from(Settings settings) {
        return new QualityConfig(
                settings.get(QualityKeys.WINDOW),
                settings.get(QualityKeys.GRACE),
                settings.get(QualityKeys.OPEN),
                settings.get(QualityKeys.EVERY));
    }
}
