package io.millrace.standalone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** Asks the sitting's broker how many bytes it has taken, given and kept. Used by one thread. */
final class TrafficMeter {
    private static final int NODE = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Child broker;
    private final Admin admin;
    private final Path answers;
    private int asked;

    TrafficMeter(Child broker, Admin admin, Path answers) {
        this.broker = broker;
        this.admin = admin;
        this.answers = answers;
    }

    Traffic now() throws BenchFailedException, IOException, InterruptedException {
        asked++;
        broker.ask();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.exists(answers)) {
                List<String> answer = List.of(Files.readString(answers).split(" ", 3));
                if (Integer.parseInt(answer.get(0)) == asked) {
                    return new Traffic(Long.parseLong(answer.get(1)), Long.parseLong(answer.get(2)), disk());
                }
            }
            broker.requireAlive("the broker");
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        throw new BenchFailedException("the broker does not tell its bytes");
    }

    private long disk() throws BenchFailedException, InterruptedException {
        try {
            return admin.describeLogDirs(List.of(NODE)).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(folder -> folder.replicaInfos().values().stream())
                    .mapToLong(replica -> replica.size())
                    .sum();
        } catch (ExecutionException e) {
            throw new BenchFailedException("the broker does not tell its logs: " + e.getCause());
        }
    }
}
