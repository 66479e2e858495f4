package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DecodeException;
import io.millrace.codec.QualityCodec;
import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.OutcomeRule;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityCounts.Total;
import io.millrace.quality.QualityRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the join must have counted of a version whatever was killed: the same that the rule says of the events as they
 * stand on the topic. Which users have been silent for long enough to be given up is a matter of the clock; so of the
 * negative outcomes there is a least and a most.
 */
record ExpectedQuality(long predictions, long positives, long leastNegatives, long mostNegatives) {
    /** @param events by user, each once, in the order they came, which is that of their times */
    static ExpectedQuality of(
            Manifest manifest, Collection<List<Event>> events, Predicate<Event> isSelected, Duration grace) {
        OutcomeRule rule = new OutcomeRule(Objects.requireNonNull(manifest.outcome()));
        long predictions = 0;
        long positives = 0;
        long over = 0;
        for (List<Event> ofUser : events) {
            long newest = time(ofUser.get(ofUser.size() - 1));
            for (Event scored : ofUser) {
                if (isSelected.test(scored)) {
                    predictions++;
                    if (isPositive(rule, scored, ofUser)) {
                        positives++;
                    } else if (rule.isOver(time(scored), newest - grace.toMillis() - 1)) {
                        over++;
                    }
                }
            }
        }
        return new ExpectedQuality(predictions, positives, over, predictions - positives);
    }

    private static boolean isPositive(OutcomeRule rule, Event scored, List<Event> ofUser) {
        OutcomeRule.Open told = OutcomeRule.Open.NOTHING;
        for (Event event : ofUser) {
            if (rule.matches(Observation.name(event))) {
                OutcomeRule.Told next = rule.after(told, time(scored), time(event), rule.amount(event));
                if (next instanceof OutcomeRule.Known known) {
                    return known.positive();
                }
                told = (OutcomeRule.Open) next;
            }
        }
        return false;
    }

    private static long time(Event event) {
        return Observation.time(event.times());
    }

    /** Whether all has been counted and published that must be. */
    boolean isReached(List<ConsumerRecord<byte[], byte[]>> qualities) {
        QualityCounts all = sum(qualities, true);
        return all.total(Total.PREDICTIONS) >= predictions
                && positives(all) >= positives
                && negatives(all) >= leastNegatives;
    }

    /** Holds the sums over all time, and those over the windows, to it. */
    void check(List<ConsumerRecord<byte[], byte[]>> qualities) {
        for (boolean allTime : new boolean[] {true, false}) {
            QualityCounts sum = sum(qualities, allTime);
            assertThat(sum.total(Total.PREDICTIONS)).isEqualTo(predictions);
            assertThat(sum.total(Total.DROPPED)).isZero();
            assertThat(positives(sum)).isEqualTo(positives);
            assertThat(negatives(sum)).isBetween(leastNegatives, mostNegatives);
        }
    }

    private static long positives(QualityCounts counts) {
        return counts.total(Total.TRUE_POSITIVES) + counts.total(Total.FALSE_NEGATIVES);
    }

    private static long negatives(QualityCounts counts) {
        return counts.total(Total.FALSE_POSITIVES) + counts.total(Total.TRUE_NEGATIVES);
    }

    private static QualityCounts sum(List<ConsumerRecord<byte[], byte[]>> qualities, boolean allTime) {
        Map<String, QualityRecord> latest = new HashMap<>();
        try {
            for (ConsumerRecord<byte[], byte[]> quality : qualities) {
                QualityRecord record = QualityCodec.decode(quality.value());
                if ((record.window() == null) == allTime) {
                    latest.put(record.key(), record);
                }
            }
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
        QualityCounts sum = QualityRecord.counts(null);
        for (QualityRecord record : latest.values()) {
            for (Total total : Total.values()) {
                sum.set(total, sum.total(total) + record.counts().total(total));
            }
        }
        return sum;
    }
}
