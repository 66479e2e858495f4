package io.millrace.processor.topology;

import static io.millrace.processor.topology.SwapStage.generation;
import static io.millrace.processor.topology.SwapStage.load;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment.Guardrails;
import io.millrace.model.FeatureSpec;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.Route;
import io.millrace.processor.score.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that change while the topology runs. Version 1 sums four properties and throws above 100, version 2 is the
 * logarithm of the sum and NaN below 0.
 */
class SwapTest {
    private static final int USERS = 400;

    private Path stateDir;
    private LoadedModel sum;
    private LoadedModel logarithm;
    private final List<String> stopped = new ArrayList<>();

    @BeforeEach
    void loadBoth(@TempDir Path folder) throws Exception {
        stateDir = folder;
        sum = load("1", "picky");
        logarithm = load("2", "logarithm");
    }

    @AfterEach
    void close() {
        sum.close();
        logarithm.close();
    }

    @Test
    void eachEventIsScoredOnce_byTheVersionOfItsTime() {
        try (SwapStage stage = new SwapStage(stateDir, alone(1, sum))) {
            stage.post("u1", "{\"a\":1}");
            // The next one is being warmed up: the present one goes on.
            stage.generations.publish(alone(2, logarithm));
            stage.turn();
            stage.post("u1", "{\"a\":2}");
            stage.swap(alone(3, logarithm));
            stage.post("u1", "{\"a\":1}");
            stage.swap(alone(4, sum));
            stage.post("u1", "{\"a\":4}");

            List<Prediction> predictions = stage.predictions();
            assertThat(predictions).extracting(p -> p.eventId().value()).containsExactly("e0", "e1", "e2", "e3");
            assertThat(predictions).extracting(Prediction::score).containsExactly(1f, 2f, 0f, 4f);
            assertThat(predictions).extracting(p -> p.model().version()).containsExactly("1", "1", "2", "1");
            assertThat(predictions)
                    .extracting(p -> p.sha256().hex())
                    .element(2)
                    .isEqualTo(logarithm.manifest().sha256().hex());
            assertThat(stage.registry.counter("millrace.swaps").count()).isEqualTo(2);
        }
    }

    @Test
    void usersStayWithTheirVersion_andMoreJoinAsTheShareGrows() {
        Watch watch = Watch.canary(version("2"), new Guardrails(0, Duration.ofSeconds(9), 1e9, 1), stopped::add);
        ActiveModel canary = new ActiveModel(logarithm, Role.CANARY, watch);
        try (SwapStage stage = new SwapStage(stateDir, canary(1, canary, 20))) {
            Map<String, String> first = versions(stage);
            assertThat(versions(stage)).isEqualTo(first);
            stage.swap(canary(2, canary, 40.5));
            Map<String, String> second = versions(stage);

            Set<String> few = users(first, "2");
            Set<String> more = users(second, "2");
            assertThat(more).containsAll(few);
            // Four standard deviations of a fair draw.
            assertThat(few.size()).isBetween(USERS / 5 - 32, USERS / 5 + 32);
            assertThat(more.size()).isBetween(USERS * 2 / 5 - 40, USERS * 2 / 5 + 40);
            stage.swap(canary(3, canary, 100));
            assertThat(users(versions(stage), "2")).hasSize(USERS);
            assertThat(stopped).isEmpty();
        }
    }

    @Test
    void shadows_goToTheirOwnTopic_andTheirFailuresAreNobodysDeadLetter() {
        Watch watch = Watch.shadow(version("2"), stopped::add);
        Route route =
                new Route(ActiveModel.champion(sum), null, 0, List.of(new ActiveModel(logarithm, Role.SHADOW, watch)));
        try (SwapStage stage = new SwapStage(stateDir, generation(1, List.of(), route))) {
            stage.post("u1", "{\"a\":1}");
            stage.post("u1", "{\"a\":-1}");

            assertThat(stage.predictions())
                    .extracting(Prediction::role)
                    .containsOnly(Role.CHAMPION)
                    .hasSize(2);
            List<Prediction> shadows = stage.shadows();
            assertThat(shadows).extracting(p -> p.eventId().value()).containsExactly("e0");
            assertThat(shadows).extracting(Prediction::role).containsExactly(Role.SHADOW);
            assertThat(stage.deadLetters.isEmpty()).isTrue();
            assertThat(stage.count("millrace.model.failures", "2", "shadow")).isEqualTo(1);
            for (int i = 0; i < 101; i++) {
                stage.post("u1", "{\"a\":-1}");
            }
            assertThat(stopped).hasSize(1);
            stage.post("u1", "{\"a\":1}");
            assertThat(stage.shadows()).isEmpty();
        }
    }

    @Test
    void aFailingCanary_costsNobodyAPrediction_andIsStopped() {
        Watch watch = Watch.canary(version("2"), new Guardrails(1, Duration.ofSeconds(9), 1e9, 1_000), stopped::add);
        ActiveModel canary = new ActiveModel(logarithm, Role.CANARY, watch);
        try (SwapStage stage = new SwapStage(stateDir, canary(1, canary, 100))) {
            stage.post("u1", "{\"a\":1}");
            stage.post("u1", "{\"a\":-1}");
            assertThat(stopped).isEmpty();
            stage.post("u1", "{\"a\":-2}");
            stage.post("u1", "{\"a\":1}");

            List<Prediction> predictions = stage.predictions();
            assertThat(predictions).extracting(p -> p.eventId().value()).containsExactly("e0", "e1", "e2", "e3");
            assertThat(predictions).extracting(p -> p.model().version()).containsExactly("2", "1", "1", "1");
            assertThat(predictions).extracting(Prediction::score).containsExactly(0f, -1f, -2f, 1f);
            assertThat(stage.deadLetters.isEmpty()).isTrue();
            assertThat(stopped).hasSize(1).first().asString().startsWith("m@2 failed on 2 events, expected at most 1");
        }
    }

    @Test
    void aCanaryWhoseScoresAreOthers_isStopped_andOneWhoseAreAlikeIsNot() throws Exception {
        LoadedModel same = load("3", "picky");
        Guardrails guardrails = new Guardrails(0, Duration.ofSeconds(9), 0.25, 100);
        ActiveModel alike = new ActiveModel(same, Role.CANARY, Watch.canary(version("3"), guardrails, stopped::add));
        ActiveModel other =
                new ActiveModel(logarithm, Role.CANARY, Watch.canary(version("2"), guardrails, stopped::add));
        try (SwapStage stage = new SwapStage(stateDir, canary(1, alike, 100))) {
            for (int i = 0; i < 300; i++) {
                stage.post("u1", "{\"a\":" + (1 + i % 50) + "}");
            }
            assertThat(stopped).isEmpty();
            stage.swap(canary(2, other, 100));
            for (int i = 0; i < 100; i++) {
                stage.post("u1", "{\"a\":" + (1 + i % 50) + "}");
            }
            assertThat(stopped).hasSize(1).first().asString().contains("population stability index", "over 100");
            assertThat(stage.predictions()).hasSize(400);
        } finally {
            same.close();
        }
    }

    @Test
    void aSlowCanary_isStopped() {
        Watch watch = Watch.canary(version("2"), new Guardrails(0, Duration.ofNanos(1), 1e9, 3), stopped::add);
        try (SwapStage stage =
                new SwapStage(stateDir, canary(1, new ActiveModel(logarithm, Role.CANARY, watch), 100))) {
            for (int i = 0; i < 4; i++) {
                stage.post("u1", "{\"a\":1}");
            }

            assertThat(stopped).hasSize(1).first().asString().contains("a score over 3 predictions");
            assertThat(stage.predictions()).extracting(p -> p.model().version()).containsExactly("2", "2", "2", "1");
        }
    }

    @Test
    void aRollback_findsItsWindowsWarm() throws Exception {
        List<FeatureSpec> counting = new ArrayList<>(List.of(
                new FeatureSpec.Count("views", List.of("viewed"), Duration.ofHours(1), null, null),
                FixtureModels.property("b"),
                FixtureModels.property("c"),
                FixtureModels.property("d")));
        LoadedModel counts = load("9", "picky", counting);
        try (SwapStage stage = new SwapStage(stateDir, alone(1, counts))) {
            stage.post("u1", "{}");
            stage.swap(generation(2, List.of(counts.manifest()), Route.of(ActiveModel.champion(sum))));
            stage.post("u1", "{}");
            stage.swap(alone(3, counts));
            stage.post("u1", "{}");
            stage.swap(alone(4, sum));
            stage.post("u1", "{}");
            stage.swap(alone(5, counts));
            stage.post("u1", "{}");

            // On standby all three were counted; where nobody kept the window, it began anew.
            assertThat(stage.predictions()).extracting(Prediction::score).containsExactly(1f, 0f, 3f, 0f, 1f);
        } finally {
            counts.close();
        }
    }

    private static Generation alone(long number, LoadedModel model) {
        return generation(number, List.of(), Route.of(ActiveModel.champion(model)));
    }

    private Generation canary(long number, ActiveModel canary, double percent) {
        return generation(number, List.of(), new Route(ActiveModel.champion(sum), canary, percent, List.of()));
    }

    private static ModelVersion version(String version) {
        return new ModelVersion("m", version);
    }

    /** One event of each user, and the version that predicted. */
    private static Map<String, String> versions(SwapStage stage) {
        for (int i = 0; i < USERS; i++) {
            stage.post("user-" + i, "{\"a\":1}");
        }
        Map<String, String> versions = new HashMap<>();
        for (Prediction prediction : stage.predictions()) {
            assertThat(versions.put(
                            String.valueOf(prediction.userId()),
                            prediction.model().version()))
                    .isNull();
        }
        return versions;
    }

    private static Set<String> users(Map<String, String> versions, String version) {
        Set<String> users = new HashSet<>();
        versions.forEach((user, its) -> {
            if (its.equals(version)) {
                users.add(user);
            }
        });
        return users;
    }
}
