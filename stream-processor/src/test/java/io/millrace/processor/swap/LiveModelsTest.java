package io.millrace.processor.swap;

import static io.millrace.processor.swap.DeployedModels.NAME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment.Canary;
import io.millrace.model.Deployment.Guardrails;
import io.millrace.model.Manifest;
import io.millrace.prediction.Role;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.model.ModelState.Phase;
import io.millrace.processor.observe.ScoringMeters;
import io.millrace.processor.score.ThreadScorers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is deployed, followed; the test's own thread is the one that scores. */
class LiveModelsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ModelLimits LIMITS = new ModelLimits(1 << 20, Duration.ofSeconds(30), List.of(1, 8));
    private static final int SWAPS = 50;

    private final DeployedModels models = new DeployedModels();

    @BeforeEach
    void register() throws Exception {
        models.register("1");
        models.register("2");
        byte[] bad = "no parameters".getBytes(UTF_8);
        models.register(DeployedModels.manifest("bad", Manifest.Kind.DJL, bad), bad);
    }

    @Test
    void aVersionComes_warmsUpWhileTheOtherServes_andTheOtherGoes() throws Exception {
        models.deploy("1", null, List.of());
        try (LiveModels live = start();
                ThreadScorers scorers = ThreadScorers.open(live.generations())) {
            LoadedModel first = scorers.current().models().get(0).loaded();
            await(() -> phases(live).equals(List.of("1 SERVING")));

            models.deploy("2", null, List.of());
            await(() -> phases(live).equals(List.of("1 DRAINING", "2 WARMING")));
            assertThat(scorers.current().models()).extracting(m -> m.loaded()).containsExactly(first);
            takeNewest(live, scorers);
            await(() -> phases(live).equals(List.of("2 SERVING")));

            assertThat(first.isFreed()).isTrue();
            assertThat(scorers.current().standby())
                    .extracting(manifest -> manifest.model().version())
                    .containsExactly("1");
        }
    }

    @Test
    void everyVersionIsFreed_whenManyComeAndGo() throws Exception {
        models.deploy("1", null, List.of());
        List<LoadedModel> all = new ArrayList<>();
        try (LiveModels live = start();
                ThreadScorers scorers = ThreadScorers.open(live.generations())) {
            for (int i = 0; i < SWAPS; i++) {
                long before = live.generations().newest().number();
                models.deploy(i % 2 == 0 ? "2" : "1", null, List.of());
                await(() -> live.generations().newest().number() > before);
                takeNewest(live, scorers);
                all.add(scorers.current().models().get(0).loaded());
            }
            await(() -> phases(live).equals(List.of("1 SERVING")));
            assertThat(all.subList(0, SWAPS - 1)).doesNotHaveDuplicates().allMatch(LoadedModel::isFreed);
            assertThat(all.get(SWAPS - 1).isFreed()).isFalse();
        }
        assertThat(all).allMatch(LoadedModel::isFreed);
    }

    @Test
    void meters_areOfTheVersionsThatScore() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ScoringMeters meters = new ScoringMeters(registry);
        models.deploy("1", null, List.of());
        try (LiveModels live = start();
                ThreadScorers scorers = ThreadScorers.open(live.generations())) {
            live.onSettled(meters::retain);
            meters.of(new ModelVersion(NAME, "1")).predicted(Role.CHAMPION);
            models.deploy("2", null, List.of());
            await(() -> phases(live).contains("2 WARMING"));
            meters.of(new ModelVersion(NAME, "2")).predicted(Role.SHADOW);
            assertThat(registry.get("millrace.predictions").tag("version", "1").meters())
                    .isNotEmpty();
            takeNewest(live, scorers);

            await(() -> registry.find("millrace.predictions")
                    .tag("version", "1")
                    .meters()
                    .isEmpty());
            assertThat(registry.find("millrace.inference").tag("version", "1").meters())
                    .isEmpty();
            assertThat(registry.get("millrace.predictions")
                            .tag("version", "2")
                            .tag("role", "shadow")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aBadVersion_leavesItsPlace_andTheOthersGoOn() throws Exception {
        models.deploy("1", null, List.of());
        try (LiveModels live = start();
                ThreadScorers scorers = ThreadScorers.open(live.generations())) {
            models.deploy("bad", new Canary("2", 10, Guardrails.DEFAULT), List.of());
            await(() -> phases(live).contains("2 WARMING"));
            takeNewest(live, scorers);

            await(() -> phases(live).equals(List.of("1 SERVING", "2 SERVING", "bad FAILED")));
            assertThat(live.states().get(2).detail()).contains("does not hold the parameters");
            models.deploy("2", null, List.of());
            await(() -> phases(live).equals(List.of("1 DRAINING", "2 SERVING")));
            takeNewest(live, scorers);
            await(() -> phases(live).equals(List.of("2 SERVING")));
        }
    }

    @Test
    void aStart_takesTheChampionBefore_whereTheNewOneCannotBeLoaded() throws Exception {
        models.deploy("1", null, List.of());
        models.deploy("bad", null, List.of("2"));
        try (LiveModels live = start()) {
            assertThat(live.generations().newest().models())
                    .extracting(model -> model.version().version())
                    .containsExactly("1", "2");
            assertThat(phases(live)).contains("bad FAILED");
        }
    }

    @Test
    void aStart_fails_whereNothingCanBeChampion() {
        models.deploy("bad", null, List.of("2"));

        assertThatThrownBy(this::start)
                .isInstanceOf(ModelRefusedException.class)
                .hasMessageContaining(NAME + "@bad");
    }

    @Test
    void whatHasNoThread_isNotWaitedFor() throws Exception {
        models.deploy("1", null, List.of());
        try (LiveModels live = start()) {
            Thread ended = new Thread(() -> {
                try {
                    // Left open on purpose: this thread ends without closing it, as one that failed does.
                    assertThat(ThreadScorers.open(live.generations()).current()).isNotNull();
                } catch (io.millrace.processor.model.ModelFailedException e) {
                    throw new AssertionError(e);
                }
            });
            ended.start();
            ended.join(PATIENCE.toMillis());
            LoadedModel first = live.generations().newest().models().get(0).loaded();

            models.deploy("2", null, List.of());

            await(first::isFreed);
            await(() -> phases(live).equals(List.of("2 SERVING")));
        }
    }

    private LiveModels start() throws ModelRefusedException {
        return LiveModels.start(models, LIMITS, Duration.ofHours(1), Clock.systemUTC());
    }

    private static void takeNewest(LiveModels live, ThreadScorers scorers) {
        await(() -> {
            if (scorers.warm()) {
                scorers.take();
            }
            return scorers.current() == live.generations().newest();
        });
    }

    private static List<String> phases(LiveModels live) {
        return live.states().stream().map(LiveModelsTest::text).toList();
    }

    private static String text(ModelState state) {
        ModelVersion model = state.model();
        Phase phase = state.phase();
        return model.version() + " " + phase;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
