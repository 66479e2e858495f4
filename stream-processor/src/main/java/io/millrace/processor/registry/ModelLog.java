package io.millrace.processor.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.codec.DecodeException;
import io.millrace.codec.DeploymentCodec;
import io.millrace.codec.RegisteredVersionCodec;
import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.Catalog.Content;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the records of topic models into what they say together. Not thread-safe: it is its follower's. */
final class ModelLog {
    private static final Logger log = LoggerFactory.getLogger(ModelLog.class);

    /** Whoever asks for a change asks within its own timeout; in that time there are never so many. */
    private static final int CHANGES = 1024;

    private final Map<String, Deployment> deployments = new HashMap<>();
    private final Map<ModelVersion, RegisteredVersion> versions = new HashMap<>();
    private final Map<String, ModelVersion> keys = new HashMap<>();
    private final Set<String> changes = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > CHANGES;
        }
    });
    /** What was last given out: the last that is good of each model. */
    private Map<String, Deployment> good = Map.of();

    void take(ConsumerRecord<byte[], byte[]> record) {
        Header change = record.headers().lastHeader(Records.CHANGE);
        if (change != null && change.value() != null) {
            changes.add(new String(change.value(), UTF_8));
        }
        String key = record.key() == null ? "" : new String(record.key(), UTF_8);
        try {
            if (key.indexOf(':') < 0) {
                takeDeployment(key, record.value());
            } else {
                takeVersion(key, record.value());
            }
        } catch (DecodeException e) {
            log.atError()
                    .addKeyValue("key", key)
                    .addKeyValue("offset", record.offset())
                    .log("A record on models is passed over, what stood before it goes on: {}", e.getMessage());
        }
    }

    private void takeDeployment(String key, byte @Nullable [] value) throws DecodeException {
        if (value == null) {
            deployments.remove(key);
        } else {
            Deployment deployment = DeploymentCodec.decode(value);
            deployments.put(deployment.name(), deployment);
        }
    }

    private void takeVersion(String key, byte @Nullable [] value) throws DecodeException {
        if (value == null) {
            ModelVersion gone = keys.remove(key);
            if (gone != null) {
                versions.remove(gone);
            }
        } else {
            RegisteredVersion version = RegisteredVersionCodec.decode(value);
            ModelVersion model = version.manifest().model();
            keys.put(key, model);
            versions.put(model, version);
        }
    }

    /** The ids of the last changes. */
    Set<String> changes() {
        return Set.copyOf(changes);
    }

    /** What all records said so far; a deployment that names what is not registered is not followed. */
    Content content() {
        Map<String, Deployment> whole = new HashMap<>();
        deployments.forEach((name, deployment) -> {
            Deployment last = good.get(name);
            if (isWhole(deployment)) {
                whole.put(name, deployment);
            } else {
                log.atError()
                        .addKeyValue("model", name)
                        .addKeyValue("revision", deployment.revision())
                        .log("A deployment names a version that is not registered; the one before it goes on");
                if (last != null && isWhole(last)) {
                    whole.put(name, last);
                }
            }
        });
        good = Map.copyOf(whole);
        return new Content(whole, versions);
    }

    private boolean isWhole(Deployment deployment) {
        return deployment.versions().stream()
                        .allMatch(version -> versions.containsKey(new ModelVersion(deployment.name(), version)))
                && (deployment.previous() == null
                        || versions.containsKey(
                                new ModelVersion(deployment.name(), Objects.requireNonNull(deployment.previous()))));
    }
}
