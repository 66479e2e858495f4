package io.millrace.ingest.publish;

import io.millrace.codec.DecodeException;
import io.millrace.codec.RecordHeaders;
import io.millrace.codec.RecordHeaders.Schema;
import io.millrace.codec.WriteKeyCodec;
import io.millrace.identity.Sha256;
import io.millrace.identity.WriteKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes keys to the topic sources. What is stored counts when this door has read it back, so there is one order in which
 * keys come and go, the topic's. A new key whose storing was told to have failed, and that shows up all the same, is taken
 * away again. Thread-safe; never blocks.
 */
public final class KeptWriteKeys {
    private static final Logger LOG = LoggerFactory.getLogger(KeptWriteKeys.class);
    /** Of new keys that nobody was told: more than this fail only while Kafka is away, and then none is on the topic. */
    private static final int MOST_UNWANTED = 1_000;

    private record Awaited(TopicPartition partition, long offset, CompletableFuture<@Nullable Void> read) {}

    private final Publisher publisher;
    private final Duration patience;
    private final List<Awaited> awaited = new ArrayList<>();
    private final Set<Sha256> unwanted = new LinkedHashSet<>();

    /** @param patience after which a key counts as not stored */
    public KeptWriteKeys(Publisher publisher, Duration patience) {
        this.publisher = publisher;
        this.patience = patience;
    }

    /** Stores a new key; completes when this door knows it. */
    public CompletionStage<@Nullable Void> create(WriteKey key) {
        return change(key).whenComplete((nothing, failure) -> {
            if (failure != null) {
                unwant(key.sha256());
            }
        });
    }

    /** Stores a key that was there before; completes when this door knows it. */
    public CompletionStage<@Nullable Void> change(WriteKey key) {
        return send(key.sha256(), WriteKeyCodec.encode(key));
    }

    /** Takes a key away; completes when this door knows. */
    public CompletionStage<@Nullable Void> remove(Sha256 sha256) {
        return send(sha256, null);
    }

    /** Keeps {@code keys} as they are after a record; whether they have changed. */
    boolean apply(ConsumerRecord<byte[], byte[]> found, Map<Sha256, WriteKey> keys) {
        Sha256 sha256;
        WriteKey key;
        try {
            sha256 = new Sha256(new String(found.key() == null ? new byte[0] : found.key(), StandardCharsets.UTF_8));
            key = found.value() == null ? null : WriteKeyCodec.decode(found.value());
        } catch (DecodeException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("partition", found.partition())
                    .addKeyValue("offset", found.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("A record on the topic sources is no write key; it opens nothing");
            return false;
        }
        if (key == null) {
            return keys.remove(sha256) != null;
        }
        if (!key.sha256().equals(sha256)) {
            LOG.atWarn().addKeyValue("offset", found.offset()).log("A write key's record has another key's digest");
            return false;
        }
        if (isUnwanted(sha256)) {
            var unused = remove(sha256);
            return false;
        }
        return !key.equals(keys.put(sha256, key));
    }

    /** Tells whoever waits that this door has read so far. */
    void readTo(Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> position) {
        List<Awaited> done = new ArrayList<>();
        synchronized (awaited) {
            if (awaited.isEmpty()) {
                return;
            }
            awaited.removeIf(one -> {
                boolean over = one.read().isDone()
                        || (partitions.contains(one.partition())
                                && position.applyAsLong(one.partition()) > one.offset());
                if (over) {
                    done.add(one);
                }
                return over;
            });
        }
        done.forEach(one -> one.read().complete(null));
    }

    private CompletionStage<@Nullable Void> send(Sha256 sha256, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> keyRecord =
                new ProducerRecord<>(WriteKeyTopic.TOPIC, sha256.hex().getBytes(StandardCharsets.UTF_8), value);
        RecordHeaders.put(keyRecord.headers(), Schema.WRITE_KEY, null);
        return publisher
                .send(keyRecord)
                .<@Nullable Void>thenCompose(this::read)
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<@Nullable Void> read(RecordMetadata stored) {
        Awaited one = new Awaited(
                new TopicPartition(stored.topic(), stored.partition()), stored.offset(), new CompletableFuture<>());
        synchronized (awaited) {
            awaited.add(one);
        }
        return one.read();
    }

    private void unwant(Sha256 sha256) {
        synchronized (unwanted) {
            if (unwanted.size() >= MOST_UNWANTED) {
                unwanted.remove(unwanted.iterator().next());
            }
            unwanted.add(sha256);
        }
    }

    private boolean isUnwanted(Sha256 sha256) {
        synchronized (unwanted) {
            return unwanted.contains(sha256);
        }
    }
}
