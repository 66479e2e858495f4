package io.millrace.processor.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.identity.Source;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.train.example.ShopCsv;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole judgement of the shipped model, on synthetic shoppers: those who add to the cart buy more often. */
final class EvaluationTest {
    private static final String CONFIG = "models/purchase-intent/train.yaml";

    private final Path folder;

    EvaluationTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void report_tellsTheSameToPeopleAndPrograms() throws Exception {
        Path events = Files.writeString(folder.resolve("events.csv"), ShopCsv.of(3600, 1 / 120.0));
        List<String> stages = new ArrayList<>();
        Evaluation evaluation =
                new Evaluation(ModelFiles.shipped(ModelFiles.PURCHASE_INTENT), (what, done, total) -> stages.add(what));

        Report report = evaluation.on(List.of(events), FileShape.of(FileFormat.REES46), new Source("shop"));
        List<Path> written = ReportFiles.write(report, folder.resolve("report"));

        assertThat(report.figures().get(0).interval().value()).isGreaterThan(0.6);
        assertThat(report.prior().get(0).interval().value()).isEqualTo(0.5);
        assertThat(report.segments())
                .extracting(Segment::dimension)
                .containsSubsequence("Position in the session", "Event");
        assertThat(report.segments().stream()
                        .filter(each -> each.dimension().equals("Event"))
                        .mapToInt(Segment::examples)
                        .sum())
                .isEqualTo(report.data().examples());
        assertThat(report.inputs()).hasSize(16);
        assertThat(stages).contains("reading events", "scoring");
        JsonNode json = new ObjectMapper().readTree(written.get(1).toFile());
        assertThat(json.at("/figures/0/interval/value").asDouble())
                .isCloseTo(report.figures().get(0).interval().value(), org.assertj.core.data.Offset.offset(1e-5));
        assertThat(json.at("/threshold/truePositives").asLong())
                .isEqualTo(report.threshold().truePositives());
        assertThat(Files.readString(written.get(0)))
                .contains("purchase-intent@1", "At the threshold", "Position in the session", "<polyline")
                .doesNotContain("http://", "<script", "src=", "href=", "NaN");
        assertThat(Files.readString(written.get(2))).contains("REES46", "| ROC AUC | 0.");
    }

    @Test
    void whatStandsInAnEvent_staysText() throws Exception {
        String rows = ShopCsv.of(3600, 1 / 120.0).replace("s\n", "<img src=x onerror=alert(1)>\n");
        Files.writeString(folder.resolve("events.csv"), rows);
        Path config = Files.writeString(
                folder.resolve("train.yaml"),
                withoutQuestions().replaceAll("files: .*", "files: [events.csv]")
                        + "evaluate: {session: 10m, segments: [session_id, product_id],"
                        + " published: [{what: A <b>, figure: '0.5', split: none}, {what: AUC, beside: rocAuc, figure: x,"
                        + " split: y}]}\n");

        Report report = new Evaluation(ModelFiles.shipped(ModelFiles.PURCHASE_INTENT), (what, done, total) -> {})
                .on(config, folder, false, null);
        String page = Page.write(report);

        assertThat(page)
                .contains(
                        "A &lt;b&gt;</td><td>–</td><td>0.5",
                        "AUC</td><td>" + Html.whole(report.figures().get(0).interval()) + "</td><td>x",
                        "new to the model")
                .doesNotContain("<img", "A <b>");
        assertThat(report.data().split()).contains("40 %");
    }

    @Test
    void unknownKey_isRefused() throws IOException {
        Path config =
                Files.writeString(folder.resolve("train.yaml"), withoutQuestions() + "evaluate: {sessions: 10m}\n");

        assertThatThrownBy(() -> Questions.read(config)).hasMessageContaining("evaluate.sessions: given");
        Files.writeString(
                config,
                withoutQuestions() + "evaluate: {published: [{what: a, beside: auc, figure: '1', split: none}]}\n");
        assertThatThrownBy(() -> Questions.read(config))
                .hasMessageContaining("beside: given auc, expected one of [rocAuc");
    }

    @Test
    void shippedConfigurations_areRead() throws IOException {
        for (String file : List.of("taobao", "globo", "shoppers", "shoppers-without-page-values")) {
            assertThat(Questions.read(Path.of("evaluations/" + file + ".yaml")).published())
                    .isNotEmpty();
        }
    }

    private static String withoutQuestions() throws IOException {
        return Files.readString(Path.of(CONFIG)).replaceAll("(?s)\nevaluate:.*", "\n");
    }
}
