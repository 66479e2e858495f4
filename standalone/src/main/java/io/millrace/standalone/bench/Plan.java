package io.millrace.standalone.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is measured.
 *
 * @param names of {@link BenchRun#NAMES}
 * @param quick whether a first impression is enough: each phase is bounded by time, and what takes long is left out
 * @param events of the backlog
 * @param seconds that a steady load is measured
 * @param rounds each
 * @param model a directory with the model that scores; null for one that comes with Millrace
 * @param peers doors of others to measure beside ours
 * @param brokerPort of the sitting's broker, for peers that must know it beforehand; 0 picks a free one
 * @param folder of data and logs
 * @param recordings where each process leaves what Java's flight recorder saw; null for no recordings
 */
public record Plan(
        Set<String> names,
        boolean quick,
        int events,
        int seconds,
        int rounds,
        @Nullable Path model,
        List<Peer> peers,
        int brokerPort,
        Path folder,
        @Nullable Path recordings) {
    public Plan {
        names = Set.copyOf(names);
        peers = List.copyOf(peers);
        if (!BenchRun.NAMES.containsAll(names)) {
            throw new IllegalArgumentException("given " + String.join(" ", new TreeSet<>(names)) + ", expected some of "
                    + new TreeSet<>(BenchRun.NAMES));
        }
        if (events < 10_000 || seconds < 1 || rounds < 1) {
            throw new IllegalArgumentException("given " + events + " events, " + seconds + " seconds, " + rounds
                    + " rounds, expected 10000 or more, 1 or more, 1 or more");
        }
    }

    /** How long something may become faster before it is measured. */
    Duration warmUp() {
        return quick ? Duration.ofSeconds(24) : Duration.ofSeconds(60);
    }

    /** How long the first steady pace after that goes on before it is measured: commits and small batches are other code. */
    int settlingSeconds() {
        return quick ? 22 : 90;
    }

    /** Users whose state a processor starts with. */
    int users() {
        return quick ? 50_000 : 1_000_000;
    }

    /** How long one door has its turn. */
    Duration slice() {
        return Duration.ofSeconds(Math.min(seconds, quick ? 3 : 8));
    }
}
