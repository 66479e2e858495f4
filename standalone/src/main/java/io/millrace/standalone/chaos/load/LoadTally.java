package io.millrace.standalone.chaos.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients met. Thread-safe. */
public final class LoadTally {
    private final Map<Integer, Long> answers = new TreeMap<>();
    private final Map<Integer, List<Long>> lap = new TreeMap<>();
    private final List<Long> tookNanos = new ArrayList<>();
    private long acknowledged;
    private long resent;
    private long lastAcknowledgement = System.nanoTime();
    private long longestSilence;
    private Duration longestRequest = Duration.ZERO;

    /** @param took this attempt alone */
    synchronized void answered(int status, Duration took) {
        answers.merge(status, 1L, Long::sum);
        lap.computeIfAbsent(status, unused -> new ArrayList<>()).add(took.toNanos());
    }

    synchronized void resent() {
        resent++;
    }

    /** @param took from the first attempt to this answer */
    synchronized void acknowledged(int events, Duration took) {
        long now = System.nanoTime();
        longestSilence = Math.max(longestSilence, now - lastAcknowledgement);
        lastAcknowledgement = now;
        acknowledged += events;
        tookNanos.add(took.toNanos());
        if (took.compareTo(longestRequest) > 0) {
            longestRequest = took;
        }
    }

    /** Events with a 2xx. */
    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** How long answers took since this was last asked, by status. */
    public synchronized List<String> lap() {
        List<String> lines = new ArrayList<>();
        lap.forEach((status, nanos) -> {
            List<Long> sorted = nanos.stream().sorted().toList();
            lines.add(String.format(
                    "%s: %,d answers in %.0f ms (p50), %.0f ms (p99), %.1f s (longest)",
                    status == 0 ? "no answer" : "status " + status,
                    sorted.size(),
                    sorted.get(sorted.size() / 2) / 1e6,
                    sorted.get((int) (sorted.size() * 0.99)) / 1e6,
                    sorted.get(sorted.size() - 1) / 1e9));
        });
        lap.clear();
        return lines;
    }

    /** For the report. */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("%,d events acknowledged; answers by status (0: none): %s", acknowledged, answers));
        lines.add(String.format("%,d requests sent again although answered, as if the answer was lost", resent));
        List<Long> sorted = tookNanos.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            lines.add(String.format(
                    "a request took %.0f ms (p50), %.0f ms (p99), %.1f s (longest), its retries included",
                    sorted.get(sorted.size() / 2) / 1e6,
                    sorted.get((int) (sorted.size() * 0.99)) / 1e6,
                    longestRequest.toMillis() / 1e3));
        }
        lines.add(String.format("longest time without any acknowledgement: %.1f s", longestSilence / 1e9));
        return lines;
    }
}
