package io.millrace.standalone.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import io.millrace.model.Deployment;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.registry.Candidate;
import io.millrace.processor.registry.ModelRegistry;
import io.millrace.processor.registry.RegistryConfig;
import io.millrace.processor.registry.RegistryException;
import io.millrace.processor.registry.RegistryException.Kind;
import io.millrace.processor.registry.Seeding;
import io.millrace.processor.registry.TrustKeys;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Registries of several processors on one broker. Each test has models of its own name. Over 300 lines, for they share the
 * broker and the registries, whose start takes longer than most of them.
 */
class RegistryIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ModelLimits LIMITS = new ModelLimits(8 << 20, Duration.ofSeconds(5), List.of(1, 8));
    private static final OptionalLong WHATEVER = OptionalLong.empty();

    private static EmbeddedBroker broker;
    private static ModelRegistry one;
    private static ModelRegistry two;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        broker = EmbeddedBroker.start(folder, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            new TopicCreator(admin, TIMEOUT).createMissing(2, (short) -1);
        }
        one = registry(new TrustKeys(List.of()));
        two = registry(new TrustKeys(List.of()));
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        broker.close();
    }

    private static ModelRegistry registry(TrustKeys keys) throws Exception {
        return ModelRegistry.start(
                new RegistryConfig(broker.bootstrap(), LIMITS, TIMEOUT, Duration.ofHours(1), keys), Clock.systemUTC());
    }

    private static void deploy(ModelRegistry registry, String name, String version) throws Exception {
        registry.deploy(name, WHATEVER, version, null, List.of(), "test", null);
    }

    @Test
    void models_areRegisteredAndDeployed_andReadAgainByWhoStartsLater() throws Exception {
        Pushed pushed = Pushed.of("restart", "1", "mlp.pt");

        assertThat(one.register(pushed.candidate(), "alice", true).stored()).isFalse();
        assertThat(one.content().versions()).doesNotContainKey(new ModelVersion("restart", "1"));
        assertThat(one.register(pushed.candidate(), "alice", false).stored()).isTrue();
        assertThat(one.register(pushed.candidate(), "bob", false).stored()).isFalse();
        deploy(one, "restart", "1");

        try (ModelRegistry later = registry(new TrustKeys(List.of()))) {
            ModelFiles files = later.files(new ModelVersion("restart", "1"));
            assertThat(files.artifact()).isEqualTo(pushed.artifact());
            assertThat(later.content().versions().get(files.manifest().model()))
                    .satisfies(version ->
                            assertThat(Objects.requireNonNull(version).by()).isEqualTo("alice"));
            assertThat(later.content().deployments().get("restart"))
                    .satisfies(deployment -> assertThat(
                                    Objects.requireNonNull(deployment).champion())
                            .isEqualTo("1"));
        }
    }

    @Test
    void version_neverChanges() throws Exception {
        one.register(Pushed.of("immutable", "1", "mlp.pt").candidate(), "test", false);

        assertThatThrownBy(() ->
                        two.register(Pushed.of("immutable", "1", "single.pt").candidate(), "test", false))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.EXISTS))
                .hasMessageContaining("a version never changes");
    }

    @ParameterizedTest
    @CsvSource({
        "crash.pt, it always crashes",
        "endless.pt, did not end within PT5S",
        "expected.json, is no TorchScript file",
    })
    void model_isRefusedWithASentence_whenItsTrialFails(String file, String sentence) throws Exception {
        Pushed pushed = Pushed.of("refused", file.replace('.', '-'), file);

        assertThatThrownBy(() -> one.register(pushed.candidate(), "test", false))
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContaining(sentence);

        assertThat(one.content().versions().keySet())
                .noneMatch(model -> model.name().equals("refused"));
    }

    @Test
    void deployment_isWonByOne_whenTwoProcessorsWantItAtOnce() throws Exception {
        byte[] artifact = Pushed.bytes("mlp.pt");
        for (String version : List.of("a", "b", "c")) {
            one.register(Pushed.of("race", version, artifact).candidate(), "test", false);
        }
        deploy(one, "race", "a");
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 3; round++) {
                long revision = Objects.requireNonNull(
                                one.content().deployments().get("race"))
                        .revision();
                String wanted = round % 2 == 0 ? "b" : "c";
                List<Callable<Deployment>> wishes = List.of(
                        () -> one.deploy("race", OptionalLong.of(revision), wanted, null, List.of(), "one", null),
                        () -> two.deploy("race", OptionalLong.of(revision), wanted, null, List.of(), "two", null));
                List<Deployment> won = new ArrayList<>();
                List<Kind> lost = new ArrayList<>();
                for (Future<Deployment> outcome : both.invokeAll(wishes)) {
                    try {
                        won.add(outcome.get(60, TimeUnit.SECONDS));
                    } catch (ExecutionException e) {
                        lost.add(((RegistryException) Objects.requireNonNull(e.getCause())).kind());
                    }
                }
                assertThat(won).hasSize(1);
                assertThat(lost).containsExactly(Kind.CONFLICT);
                assertThat(won.get(0).revision()).isEqualTo(revision + 1);
                // The loser read the winner's; the winner knows its own.
                assertThat(one.content().deployments()).containsEntry("race", won.get(0));
                assertThat(two.content().deployments()).containsEntry("race", won.get(0));
            }
        } finally {
            both.shutdownNow();
        }
    }

    @Test
    void upload_thatWasCutOff_isSeenByNobodyAndHoldsUpNobody() throws Exception {
        byte[] artifact = new byte[3 << 19];
        new Random(1).nextBytes(artifact);
        // What a processor has sent when it is killed: chunks, and no commit.
        KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "millrace-models"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        String key = Sha256.of(artifact) + "/0";
        killed.send(new ProducerRecord<>(Topic.MODEL_ARTIFACTS.topicName(), 0, key.getBytes(UTF_8), new byte[1 << 19]))
                .get(60, TimeUnit.SECONDS);

        Pushed next = Pushed.of("after-a-kill", "1", "mlp.pt");
        two.register(next.candidate(), "test", false);

        assertThat(two.files(new ModelVersion("after-a-kill", "1")).artifact()).isEqualTo(next.artifact());
        assertThatThrownBy(killed::commitTransaction).isInstanceOf(KafkaException.class);
        killed.close(Duration.ofSeconds(1));
    }

    @Test
    void artifact_isReadWhole_afterTheBrokerTookItsFirstCopyAway() throws Exception {
        byte[] artifact = new byte[3 << 19];
        new Random(2).nextBytes(artifact);
        String sha256 = Sha256.of(artifact).hex();
        Compaction compaction = new Compaction(broker.bootstrap());
        compaction.hurry();
        Seeding.plant(one, List.of(Pushed.of("compacted", "1", artifact).candidate()));
        long first = Objects.requireNonNull(one.content().versions().get(new ModelVersion("compacted", "1")))
                .offset();
        assertThat(compaction.chunks(sha256)).containsKey(first);

        // The same bytes again, later in the topic: the cleaner keeps the last of a key, in segments that are no longer
        // written.
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        for (int version = 2; compaction.chunks(sha256).containsKey(first); version++) {
            Seeding.plant(
                    one, List.of(Pushed.of("compacted", "" + version, artifact).candidate()));
            assertThat(System.nanoTime()).as("the first copy is still there").isLessThan(deadline);
        }

        assertThat(two.files(new ModelVersion("compacted", "1")).artifact()).isEqualTo(artifact);
        try (ModelRegistry later = registry(new TrustKeys(List.of()))) {
            assertThat(later.files(new ModelVersion("compacted", "1")).artifact())
                    .isEqualTo(artifact);
        }
    }

    @Test
    void rollback_returnsToThePreviousChampion_andDeletionSparesWhatIsNeeded() throws Exception {
        for (String version : List.of("1", "2", "3")) {
            one.register(Pushed.of("life", version, "mlp.pt").candidate(), "test", false);
        }
        deploy(one, "life", "1");
        Deployment canary = one.deploy(
                "life",
                OptionalLong.of(1),
                "2",
                new Deployment.Canary("3", 10, Deployment.Guardrails.DEFAULT),
                List.of(),
                "test",
                "a try");
        assertThat(canary.previous()).isEqualTo("1");

        one.withdraw(new ModelVersion("life", "3"), "its scores are not finite");
        assertThat(one.content().deployments().get("life")).satisfies(deployment -> {
            assertThat(Objects.requireNonNull(deployment).canary()).isNull();
            assertThat(deployment.by()).isEqualTo("millrace");
            assertThat(deployment.reason()).isEqualTo("its scores are not finite");
        });
        for (String needed : List.of("1", "2")) {
            assertThatThrownBy(() -> one.delete(new ModelVersion("life", needed)))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IN_THE_WAY));
        }
        one.delete(new ModelVersion("life", "3"));
        assertThat(one.content().versions()).doesNotContainKey(new ModelVersion("life", "3"));

        assertThat(one.rollBack("life", WHATEVER, "test", null).champion()).isEqualTo("1");
        assertThatThrownBy(() -> one.rollBack("life", WHATEVER, "test", null))
                .hasMessageContaining("no champion before it");
        one.delete(new ModelVersion("life", "2"));
        // Its artifact is another version's too.
        assertThat(one.files(new ModelVersion("life", "1")).artifact()).isEqualTo(Pushed.bytes("mlp.pt"));
    }

    @Test
    void seeding_deploysWhatNobodyDeployed_andNothingElse() throws Exception {
        Seeding.plant(one, Optional.empty(), LIMITS);
        Map<String, Deployment> seeded = one.content().deployments();

        Seeding.plant(two, Optional.empty(), LIMITS);

        assertThat(seeded.keySet()).containsAll(ModelFiles.shippedNames());
        for (String name : ModelFiles.shippedNames()) {
            assertThat(two.content().deployments().get(name)).isEqualTo(seeded.get(name));
            assertThat(Objects.requireNonNull(seeded.get(name)).by()).isEqualTo("millrace");
        }
    }

    @Test
    void seeding_leavesWhatAnotherBuildRegistered() throws Exception {
        Pushed before = Pushed.of("seeded", "1", "mlp.pt");
        Seeding.plant(one, List.of(before.candidate()));
        String otherwise = before.yaml().replace("label: ", "label: not_");

        Seeding.plant(two, List.of(Candidate.of(otherwise.getBytes(UTF_8), before.artifact(), null)));

        ModelVersion seeded = new ModelVersion("seeded", "1");
        assertThat(Objects.requireNonNull(two.content().versions().get(seeded)).manifest())
                .isEqualTo(before.candidate().files().manifest());
        assertThat(Objects.requireNonNull(two.content().deployments().get("seeded"))
                        .champion())
                .isEqualTo("1");
    }

    @Test
    void signature_isDemanded_whereThereAreTrustKeys() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String trusted = Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
        Pushed pushed = Pushed.of("signed", "1", "mlp.pt");
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(TrustKeys.message(Sha256.of(pushed.artifact()), pushed.yaml()));
        String signature = Base64.getEncoder().encodeToString(signer.sign());
        one.register(Pushed.of("unsigned", "1", "mlp.pt").candidate(), "test", false);

        try (ModelRegistry strict = registry(TrustKeys.parse(trusted))) {
            assertThatThrownBy(() -> strict.register(pushed.candidate(), "test", false))
                    .hasMessageContaining("is not signed");
            assertThatThrownBy(() ->
                            strict.register(Pushed.of("signed", "2", "mlp.pt").signed(signature), "test", false))
                    .hasMessageContaining("over other bytes");
            strict.register(pushed.signed(signature), "test", false);

            assertThat(strict.files(new ModelVersion("signed", "1")).artifact()).isEqualTo(pushed.artifact());
            assertThatThrownBy(() -> strict.files(new ModelVersion("unsigned", "1")))
                    .isInstanceOf(ModelRefusedException.class)
                    .hasMessageContaining("is not signed");
            Seeding.plant(strict, Optional.empty(), LIMITS);
        }
    }
}
