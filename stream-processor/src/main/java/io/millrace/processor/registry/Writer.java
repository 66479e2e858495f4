package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.identity.Sha256;
import io.millrace.processor.model.Catalog.Content;
import io.millrace.processor.model.ModelRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the registry: compare and set over however many processors. Each change opens the one transactional id that all of
 * them share, which ends whatever another was writing; then it reads the topic to its end, decides, writes and commits. If
 * another opened it in the meantime, nothing of this one becomes visible, and it looks and decides anew. A broker may also
 * fail to say whether it took a commit (seen: "Unhandled error in EndTxnResponse", where two opened the id at once); opening
 * the id again settles that one way or the other, and the change's id, in a header of its records, tells which. Thread-safe;
 * one change at a time in this process.
 */
final class Writer {
    private static final Logger log = LoggerFactory.getLogger(Writer.class);
    private static final int ATTEMPTS = 8;
    private static final int PAUSE_MILLIS = 200;

    private final Clients clients;
    private final Follower follower;
    private final ReentrantLock turn = new ReentrantLock(true);

    Writer(Clients clients, Follower follower) {
        this.clients = clients;
        this.follower = follower;
    }

    /**
     * What a decision writes.
     *
     * @param result for the caller
     * @param artifact that is written first, or null
     * @param records given the offset of the artifact's first chunk, or 0
     */
    record Change<T>(
            T result, @Nullable Artifact artifact, LongFunction<List<ProducerRecord<byte[], byte[]>>> records) {
        static <T> Change<T> none(T result) {
            return new Change<>(result, null, offset -> List.of());
        }

        static <T> Change<T> of(T result, List<ProducerRecord<byte[], byte[]>> records) {
            return new Change<>(result, null, offset -> records);
        }
    }

    /** An artifact to store. */
    record Artifact(Sha256 sha256, byte[] bytes) {}

    /** Looks at what there is and says what to write; may be asked again. */
    interface Decision<T> {
        Change<T> decide(Content now) throws RegistryException, ModelRefusedException;
    }

    /**
     * Makes a change and waits until this processor knows it.
     *
     * @throws RegistryException if the decision is against it, others were always first, or the broker does not answer
     * @throws ModelRefusedException if the decision refuses a model
     */
    <T> T commit(Decision<T> decision) throws RegistryException, ModelRefusedException, InterruptedException {
        turn.lockInterruptibly();
        try {
            return new Attempts<>(decision).run();
        } finally {
            turn.unlock();
        }
    }

    /** One change, tried until it is known to be made, or not. */
    private final class Attempts<T> {
        private final Decision<T> decision;
        private final String id = UUID.randomUUID().toString();
        private final long deadline = System.nanoTime() + clients.timeout().toNanos();
        /** What was sent last and may have been committed or not. */
        private @Nullable Change<T> doubtful;

        Attempts(Decision<T> decision) {
            this.decision = decision;
        }

        T run() throws RegistryException, ModelRefusedException, InterruptedException {
            for (int number = 1; ; number++) {
                try {
                    return attempt();
                } catch (KafkaException e) {
                    boolean isLast = number == ATTEMPTS || System.nanoTime() - deadline > 0;
                    if (isLast || e instanceof AuthorizationException || e instanceof AuthenticationException) {
                        throw failure(e);
                    }
                    log.debug("A change of models is tried again after attempt {}", number, e);
                    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(PAUSE_MILLIS * number));
                }
            }
        }

        private T attempt() throws RegistryException, ModelRefusedException, InterruptedException {
            try (KafkaProducer<byte[], byte[]> producer = clients.writer()) {
                producer.initTransactions();
                follower.catchUp();
                if (doubtful != null && follower.hasRead(id)) {
                    return doubtful.result();
                }
                Change<T> change = decision.decide(follower.content());
                doubtful = change;
                follower.awaitPosition(write(producer, change) + 1);
                return change.result();
            }
        }

        /** Returns the offset of its last record on models, -1 if it has none. */
        private long write(KafkaProducer<byte[], byte[]> producer, Change<T> change) throws InterruptedException {
            producer.beginTransaction();
            try {
                Artifact artifact = change.artifact();
                long offset = artifact == null ? 0 : ArtifactStore.write(producer, artifact.sha256(), artifact.bytes());
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (ProducerRecord<byte[], byte[]> record : change.records().apply(offset)) {
                    record.headers().add(Records.CHANGE, id.getBytes(UTF_8));
                    sent.add(producer.send(record));
                }
                producer.commitTransaction();
                long last = -1;
                for (Future<RecordMetadata> one : sent) {
                    if (one.get().topic().equals(Records.MODELS.topic())) {
                        last = Math.max(last, one.get().offset());
                    }
                }
                return last;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException failed ? failed : new KafkaException(e.getCause());
            }
        }

        private RegistryException failure(KafkaException e) {
            if (e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException) {
                return new RegistryException(
                        RegistryException.Kind.CONFLICT, "other processors change models at this time, try again");
            }
            return new RegistryException(
                    RegistryException.Kind.UNAVAILABLE,
                    doubtful == null
                            ? "nothing was changed: " + e.getMessage()
                            : "the change may be made or not, look before you try again: " + e.getMessage(),
                    e);
        }
    }
}
