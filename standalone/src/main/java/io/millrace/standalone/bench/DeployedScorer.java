package io.millrace.standalone.bench;

import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Which of a sitting's models is deployed. What a processor brings along stays deployed on the broker when that processor is
 * gone, and whoever came next would score each event with both. Not thread-safe.
 */
final class DeployedScorer {
    private static final List<String> TOPICS = List.of(Topic.MODELS.topicName(), Topic.MODEL_ARTIFACTS.topicName());
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Admin admin;
    private Variant.@Nullable Scorer deployed;

    /** Of a broker on which none is. */
    DeployedScorer(Admin admin) {
        this.admin = admin;
    }

    /** Takes the one before away, unless it is the same; no processor may run. The next that starts deploys what it has. */
    void become(Variant.Scorer scorer) throws BenchFailedException, InterruptedException {
        if (deployed != null && deployed != scorer) {
            try {
                admin.deleteTopics(TOPICS).all().get();
            } catch (ExecutionException e) {
                throw new BenchFailedException(
                        "the models of the workload before cannot be taken from the broker: " + e.getCause());
            }
            // The count is for topics that do not fix one, and of those none is missing.
            new TopicCreator(admin, PATIENCE).createMissing(1, (short) 1);
        }
        deployed = scorer;
    }
}
