package io.millrace.processor.registry;

import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.Deployment;
import io.millrace.model.Deployment.Canary;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.Catalog;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.registry.Deployments.Wish;
import io.millrace.processor.registry.RegistryException.Kind;
import io.millrace.processor.registry.Writer.Change;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a cluster: immutable versions with their artifacts, and which of them are deployed, on the topics models and
 * model-artifacts. Every processor has one of these and all say the same. Thread-safe; changes block until the broker has
 * them and this processor knows them.
 */
public final class ModelRegistry implements Catalog, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelRegistry.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final Follower follower;
    private final Writer writer;
    private final ArtifactStore artifacts;
    private final Trust trust;
    private final Registrar registrar;
    private final Clock clock;

    private ModelRegistry(RegistryConfig config, Clients clients, Follower follower, Clock clock) {
        this.follower = follower;
        this.writer = new Writer(clients, follower);
        this.artifacts = new ArtifactStore(clients, config.limits().largestArtifact());
        // As it reads back from the topic.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
        this.trust = new Trust(config.trustKeys());
        this.registrar = new Registrar(config, trust, writer, follower::content, this.clock);
    }

    /**
     * Reads what is registered and deployed, and goes on following it.
     *
     * @throws RegistryException if the broker does not answer
     */
    public static ModelRegistry start(RegistryConfig config, Clock clock)
            throws InterruptedException, RegistryException {
        Clients clients = new Clients(config.bootstrap(), config.timeout());
        return new ModelRegistry(config, clients, Follower.start(clients), clock);
    }

    @Override
    public Content content() {
        return follower.content();
    }

    @Override
    public void onChange(Consumer<Content> listener) {
        follower.onChange(listener);
    }

    @Override
    public ModelFiles files(ModelVersion version) throws ModelRefusedException {
        RegisteredVersion registered = content().versions().get(version);
        if (registered == null) {
            throw new ModelRefusedException(version + " is not registered");
        }
        trust.check(registered.manifest(), registered.yaml(), registered.signature());
        return ModelFiles.of(registered.manifest(), artifacts.read(registered));
    }

    /**
     * Checks a version, tries it out and stores it; deploys nothing. Takes seconds, most of them for the trial.
     *
     * @param by who wants it
     * @param dryRun to store nothing
     * @return the version, and whether this stored it: registering what is there already changes nothing
     * @throws ModelRefusedException if it does not pass
     * @throws RegistryException if it is registered with other bytes, or the broker does not answer
     */
    public Registration register(Candidate candidate, String by, boolean dryRun)
            throws ModelRefusedException, RegistryException, InterruptedException {
        return registrar.register(candidate, by, dryRun);
    }

    /** What came of it. */
    public record Registration(RegisteredVersion version, boolean stored) {}

    /** Registers what was tried out where it was made. */
    Registration store(Candidate candidate, String by)
            throws ModelRefusedException, RegistryException, InterruptedException {
        return registrar.store(candidate, by);
    }

    /**
     * Replaces a model's deployment.
     *
     * @param expected revision that the caller saw, 0 for none; empty: whatever it is
     * @throws RegistryException if a version is not registered, the revision is another, or the broker does not answer
     */
    public Deployment deploy(
            String name,
            OptionalLong expected,
            String champion,
            @Nullable Canary canary,
            List<String> shadows,
            String by,
            @Nullable String reason)
            throws RegistryException, InterruptedException {
        Wish wish = new Wish(expected, by, reason, clock.instant());
        return change(now -> Deployments.deploy(now, name, champion, canary, shadows, wish));
    }

    /** Makes the previous champion the champion again and takes every other role away. */
    public Deployment rollBack(String name, OptionalLong expected, String by, @Nullable String reason)
            throws RegistryException, InterruptedException {
        Wish wish = new Wish(expected, by, reason, clock.instant());
        return change(now -> Deployments.rollBack(now, name, wish));
    }

    /**
     * Takes a version away, with its artifact where no other version has the same.
     *
     * @throws RegistryException if it is deployed, or not there, or the broker does not answer
     */
    public void delete(ModelVersion version) throws RegistryException, InterruptedException {
        commit(now -> {
            RegisteredVersion gone = now.versions().get(version);
            if (gone == null) {
                throw new RegistryException(Kind.NOT_FOUND, version + " is not registered");
            }
            Deployment deployment = now.deployments().get(version.name());
            boolean isDeployed = deployment != null && deployment.versions().contains(version.version());
            if (isDeployed || (deployment != null && version.version().equals(deployment.previous()))) {
                throw new RegistryException(
                        Kind.IN_THE_WAY,
                        version
                                + (isDeployed
                                        ? " is deployed: expected one without a role"
                                        : " is what a rollback returns to"));
            }
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            records.add(Records.noVersion(version));
            Sha256 sha256 = gone.manifest().sha256();
            boolean isShared = now.versions().values().stream()
                    .anyMatch(other -> !other.manifest().model().equals(version)
                            && other.manifest().sha256().equals(sha256));
            for (int i = 0; i < gone.chunks() && !isShared; i++) {
                records.add(Records.chunk(sha256, i, null));
            }
            return Change.of(version, records);
        });
        log.atInfo().addKeyValue("model", version.toString()).log("Model taken away");
    }

    @Override
    public void withdraw(ModelVersion version, String reason) {
        Wish wish = new Wish(OptionalLong.empty(), Deployments.MILLRACE, reason, clock.instant());
        try {
            while (!tryWithdraw(version, wish)) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryWithdraw(ModelVersion version, Wish wish) throws InterruptedException {
        try {
            boolean withdrawn = commit(now -> {
                Deployment after = Deployments.withdraw(now, version, wish);
                return after == null ? Change.none(false) : Change.of(true, List.of(Records.deployment(after)));
            });
            if (withdrawn) {
                log.atWarn().addKeyValue("model", version.toString()).log("Model withdrawn: {}", wish.reason());
            }
            return true;
        } catch (RegistryException e) {
            log.atWarn().addKeyValue("model", version.toString()).log("Not withdrawn yet: {}", e.sentence());
            return false;
        }
    }

    private interface Successor {
        Deployment after(Content now) throws RegistryException;
    }

    private Deployment change(Successor successor) throws RegistryException, InterruptedException {
        Deployment deployment = commit(now -> {
            Deployment after = successor.after(now);
            return after.equals(now.deployments().get(after.name()))
                    ? Change.none(after)
                    : Change.of(after, List.of(Records.deployment(after)));
        });
        log.atInfo()
                .addKeyValue("model", deployment.name())
                .addKeyValue("revision", deployment.revision())
                .addKeyValue("champion", deployment.champion())
                .addKeyValue("by", deployment.by())
                .log("Models deployed");
        return deployment;
    }

    private <T> T commit(Writer.Decision<T> decision) throws RegistryException, InterruptedException {
        try {
            return writer.commit(decision);
        } catch (ModelRefusedException e) {
            throw new RegistryException(Kind.WRONG, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
