package io.millrace.processor.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.PredictionCodec;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Source;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Inputs.Slot;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import io.millrace.prediction.StoredPrediction;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.swap.DeployedModels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With the shipped models, the GRU among them, and predictions as they come back from the store. */
class VerificationTest {
    private static final ModelLimits LIMITS = ModelLimits.DEFAULT;
    private static final List<String> MODELS = List.of(ModelFiles.PURCHASE_INTENT, "automation");
    private static final Source SOURCE = new Source("web");
    private static final Instant TIME = Instant.parse("2026-01-01T12:00:00Z");

    private static final DeployedModels CATALOG = new DeployedModels();
    /** Scored in batches of 1, 8 and 64, as events come alone and together. */
    private static final List<StoredPrediction> STORED = new ArrayList<>();

    @BeforeAll
    static void score() throws Exception {
        for (String name : MODELS) {
            ModelFiles files = ModelFiles.shipped(name);
            CATALOG.register(files.manifest(), files.artifact());
            try (LoadedModel model = LoadedModel.load(files, LIMITS);
                    Scorer scorer = model.newScorer()) {
                Random random = new Random(7);
                for (int batch : new int[] {1, 5, 40}) {
                    List<Inputs> rows = new ArrayList<>();
                    for (int row = 0; row < batch; row++) {
                        rows.add(inputs(files.manifest(), random));
                    }
                    float[] scores = scorer.score(rows);
                    for (int row = 0; row < batch; row++) {
                        STORED.add(stored(prediction(files.manifest(), scores[row], rows.get(row), STORED.size())));
                    }
                }
            }
        }
    }

    private static Inputs inputs(Manifest manifest, Random random) {
        List<Slot> slots = manifest.features().stream()
                .map(feature -> new Slot(feature.name(), feature.width()))
                .toList();
        SequenceSpec sequence = manifest.sequence();
        if (sequence == null) {
            return new Inputs(slots, floats(manifest.width(), random), null);
        }
        int steps = 1 + random.nextInt(sequence.length());
        return new Inputs(
                slots,
                floats(manifest.width(), random),
                new Inputs.Sequence(sequence.stepNames(), steps, floats(steps * sequence.width(), random)));
    }

    private static float[] floats(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Prediction prediction(Manifest manifest, float score, Inputs inputs, int number) {
        EventId event = new EventId("e" + number);
        return new Prediction(
                PredictionId.of(SOURCE, event, manifest.model()),
                event,
                SOURCE,
                "u1",
                null,
                manifest.model(),
                manifest.sha256(),
                Role.CHAMPION,
                score,
                manifest.labelOf(score),
                manifest.threshold(),
                inputs,
                TIME,
                TIME,
                TIME,
                null);
    }

    private static StoredPrediction stored(Prediction prediction) throws Exception {
        return PredictionCodec.decodeStored(PredictionCodec.encode(prediction));
    }

    /** As somebody might who writes to the database: the JSON of one row, changed. */
    private static List<StoredPrediction> with(int row, UnaryOperator<String> tampering) throws Exception {
        String json = new String(PredictionCodec.encode(STORED.get(row)), UTF_8);
        String tampered = tampering.apply(json);
        assertThat(tampered).isNotEqualTo(json);
        List<StoredPrediction> all = new ArrayList<>(STORED);
        all.set(row, PredictionCodec.decodeStored(tampered.getBytes(UTF_8)));
        return all;
    }

    private static List<VersionReport> verify(List<StoredPrediction> predictions) {
        return new Verification(CATALOG, LIMITS, 1e-6).run(predictions, done -> {});
    }

    private static String onlyDifference(List<StoredPrediction> predictions, int row) {
        List<Difference> found = verify(predictions).stream()
                .flatMap(version -> version.differing().stream())
                .toList();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).prediction()).isSameAs(predictions.get(row));
        return found.get(0).sentence();
    }

    @Test
    void everyScoreIsTheSameBitForBit_inWhateverBatchItWasMade() {
        AtomicInteger done = new AtomicInteger();

        List<VersionReport> reports = new Verification(CATALOG, LIMITS, 0).run(STORED, done::addAndGet);

        assertThat(reports)
                .extracting(report -> report.model().name())
                .containsExactly("automation", "purchase-intent");
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.equal()).isEqualTo(report.predictions()).isEqualTo(STORED.size() / 2);
            assertThat(report.differing()).isEmpty();
            assertThat(report.unverifiable()).isNull();
        });
        assertThat(done).hasValue(STORED.size());
    }

    @Test
    void scoreWithinTheTolerance_isCloseAndNotEqual() throws Exception {
        Prediction there = PredictionCodec.decode(PredictionCodec.encode(STORED.get(0)));
        float moved = there.score() + 8e-7f;
        List<StoredPrediction> predictions =
                with(0, json -> json.replace("\"score\":" + there.score(), "\"score\":" + moved));

        VersionReport report = verify(predictions).get(1);

        assertThat(report.close()).isEqualTo(1);
        assertThat(report.equal()).isEqualTo(report.predictions() - 1);
        assertThat(report.largest()).isBetween(7e-7, 9e-7);
    }

    @Test
    void whatWasTamperedWith_isFound() throws Exception {
        String feature = firstFeature(0);
        Prediction there = STORED.get(0).prediction();
        assertThat(onlyDifference(with(0, json -> json.replace("\"score\":", "\"score\":1")), 0))
                .startsWith("score: stored 1");
        assertThat(onlyDifference(
                        with(0, json -> json.replaceFirst("\"" + feature + "\":[^,}]+", "\"" + feature + "\":77.5")),
                        0))
                .startsWith("score: stored " + there.score() + ", expected ");
        assertThat(onlyDifference(
                        with(
                                0,
                                json -> json.replaceFirst(
                                        "\"" + feature + "\":[^,}]+", "\"" + feature + "\":\"77.5\"")),
                        0))
                .startsWith("its inputs are none: ");
        assertThat(onlyDifference(with(0, json -> json.replace("\"" + feature + "\":", "\"other\":")), 0))
                .isEqualTo("feature " + feature + ": stored 0 values, expected 1");
        assertThat(onlyDifference(with(0, json -> json.replace("\"label\":\"", "\"label\":\"un")), 0))
                .startsWith("label: stored \"un");
        assertThat(onlyDifference(with(0, json -> json.replace("\"threshold\":", "\"threshold\":1")), 0))
                .startsWith("threshold: stored 1");
        assertThat(onlyDifference(with(0, json -> json.replace("\"eventId\":\"e0\"", "\"eventId\":\"e9999\"")), 0))
                .startsWith("id: stored " + there.id());
        int last = STORED.size() - 1;
        assertThat(onlyDifference(
                        with(last, json -> json.replaceFirst("\"values\":\\[\\[[^,]+", "\"values\":[[9.5")), last))
                .startsWith("score: ");
        assertThat(onlyDifference(with(last, json -> json.replaceFirst(",\"sequence\":\\{.*\\]\\]\\}", "")), last))
                .isEqualTo("sequence: stored none, expected one");
    }

    /** A database's jsonb, and many a JSON library, sorts the names. */
    @Test
    void orderOfTheFeatures_isNoDifference() throws Exception {
        Inputs given =
                PredictionCodec.decode(PredictionCodec.encode(STORED.get(0))).inputs();
        List<Slot> slots = new ArrayList<>();
        float[] values = new float[given.values().length];
        for (int i = 0; i < values.length; i++) {
            slots.add(given.slots().get(values.length - 1 - i));
            values[i] = given.values()[values.length - 1 - i];
        }
        Manifest manifest = ModelFiles.shipped(ModelFiles.PURCHASE_INTENT).manifest();
        assertThat(given.slots()).hasSize(manifest.width());

        List<VersionReport> reports = verify(List.of(
                stored(prediction(manifest, STORED.get(0).prediction().score(), new Inputs(slots, values, null), 0))));

        assertThat(reports.get(0).equal()).isEqualTo(1);
    }

    @Test
    void versionWhoseArtifactIsGone_isNamedAndCounted() throws Exception {
        ModelVersion gone = new ModelVersion(ModelFiles.PURCHASE_INTENT, "gone");
        Prediction there = STORED.get(0).prediction();
        List<StoredPrediction> predictions = with(
                0, json -> json.replace("\"version\":\"" + there.model().version() + "\"", "\"version\":\"gone\""));
        predictions.addAll(with(1, json -> json.replace(there.sha256().hex(), "0".repeat(64)))
                .subList(1, 2));

        List<VersionReport> without = verify(predictions).stream()
                .filter(report -> report.without() > 0)
                .toList();

        assertThat(without).hasSize(2).allSatisfy(report -> {
            assertThat(report.without()).isEqualTo(1);
            assertThat(report.differing()).isEmpty();
        });
        assertThat(without)
                .filteredOn(report -> report.model().equals(gone))
                .singleElement()
                .satisfies(report -> assertThat(report.unverifiable()).isEqualTo("it is not registered any more"));
        assertThat(without)
                .filteredOn(report -> !report.model().equals(gone))
                .singleElement()
                .satisfies(report -> assertThat(Objects.requireNonNull(report.unverifiable()))
                        .contains("registered with sha256 " + there.sha256()));
    }

    private static String firstFeature(int row) throws Exception {
        return PredictionCodec.decode(PredictionCodec.encode(STORED.get(row)))
                .inputs()
                .slots()
                .get(0)
                .name();
    }
}
