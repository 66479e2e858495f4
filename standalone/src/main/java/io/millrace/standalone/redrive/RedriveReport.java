package io.millrace.standalone.redrive;

import io.millrace.standalone.redrive.LetterContent.Why;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a redrive did, or would have done.
 *
 * @param read letters on the topic
 * @param chosen of them
 * @param putBack of those
 * @param events that were put back: a letter of a whole body may hold several
 * @param stayed chosen and not put back, by why
 */
public record RedriveReport(long read, long chosen, long putBack, long events, Map<String, Long> stayed) {
    public RedriveReport {
        stayed = Map.copyOf(stayed);
    }

    /** Counts while it runs. Not thread-safe. */
    static final class Counting {
        private long read;
        private long chosen;
        private long putBack;
        private long events;
        private final Map<Why, Long> stayed = new EnumMap<>(Why.class);

        void read() {
            read++;
        }

        void chosen() {
            chosen++;
        }

        void stayed(Why why) {
            stayed.merge(why, 1L, Long::sum);
        }

        void putBack(long letters, long ofEvents) {
            putBack += letters;
            events += ofEvents;
        }

        RedriveReport report() {
            Map<String, Long> byText = new java.util.TreeMap<>();
            stayed.forEach((why, count) -> byText.put(why.text(), count));
            return new RedriveReport(read, chosen, putBack, events, byText);
        }
    }
}
