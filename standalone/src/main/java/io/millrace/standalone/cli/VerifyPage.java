package io.millrace.standalone.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.prediction.Prediction;
import io.millrace.processor.verify.Difference;
import io.millrace.processor.verify.VersionReport;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What {@code millrace models verify} prints.
 *
 * @param seen how many predictions were read
 * @param seed that the sample was drawn with
 * @param tolerance that was asked for
 * @param versions what came of each
 */
record VerifyPage(long seen, long seed, double tolerance, List<VersionReport> versions) {
    /** Shown at most; all of them are in the JSON. */
    private static final int MOST_SHOWN = 50;

    int differing() {
        return sum(version -> version.differing().size());
    }

    int verified() {
        return sum(version -> version.predictions() - version.without());
    }

    private int sum(ToIntFunction<VersionReport> figure) {
        return versions.stream().mapToInt(figure).sum();
    }

    String text() {
        StringBuilder page = new StringBuilder(String.format(
                "%-36s %12s %12s %14s %8s %8s%n",
                "version", "predictions", "bit for bit", "within " + tolerance, "differ", "cannot"));
        for (VersionReport version : versions) {
            line(
                    page,
                    version.model().toString(),
                    version.predictions(),
                    version.equal(),
                    version.close(),
                    version.differing().size(),
                    version.without());
        }
        if (versions.size() > 1) {
            line(
                    page,
                    "all",
                    sum(VersionReport::predictions),
                    sum(VersionReport::equal),
                    sum(VersionReport::close),
                    differing(),
                    sum(VersionReport::without));
        }
        versions.stream()
                .flatMap(version -> version.differing().stream())
                .limit(MOST_SHOWN)
                .forEach(difference -> page.append(String.format(
                        "differs: %s (%s)  %s%n",
                        difference.prediction().prediction().id(),
                        difference.prediction().prediction().model(),
                        difference.sentence())));
        if (differing() > MOST_SHOWN) {
            page.append(String.format("and %,d more differ: --json has all%n", differing() - MOST_SHOWN));
        }
        for (VersionReport version : versions) {
            if (version.unverifiable() != null) {
                page.append(String.format(
                        "cannot be verified: %s, %,d predictions: %s%n",
                        version.model(), version.predictions(), version.unverifiable()));
            }
        }
        page.append(String.format(
                "%,d drawn of %,d stored, seed %d; largest distance of a score %.3g%n",
                sum(VersionReport::predictions), seen, seed, largest()));
        return page.toString();
    }

    private double largest() {
        return versions.stream().mapToDouble(VersionReport::largest).max().orElse(0);
    }

    private static void line(
            StringBuilder page, String version, int predictions, int equal, int close, int differ, int without) {
        page.append(String.format(
                "%-36s %,12d %,12d %,14d %,8d %,8d%n", version, predictions, equal, close, differ, without));
    }

    String json() {
        ObjectNode page = JsonNodeFactory.instance
                .objectNode()
                .put("stored", seen)
                .put("sample", sum(VersionReport::predictions))
                .put("seed", seed)
                .put("tolerance", tolerance)
                .put("equal", sum(VersionReport::equal))
                .put("close", sum(VersionReport::close))
                .put("differing", differing())
                .put("unverifiable", sum(VersionReport::without))
                .put("largestDistance", largest());
        ArrayNode list = page.putArray("versions");
        versions.forEach(version -> json(version, list.addObject()));
        return page + System.lineSeparator();
    }

    private static void json(VersionReport version, ObjectNode into) {
        into.put("model", version.model().name())
                .put("version", version.model().version())
                .put("sha256", version.sha256().hex())
                .put("predictions", version.predictions())
                .put("equal", version.equal())
                .put("close", version.close())
                .put("largestDistance", version.largest());
        if (version.unverifiable() != null) {
            into.put("unverifiable", version.unverifiable());
        }
        ArrayNode differing = into.putArray("differing");
        for (Difference difference : version.differing()) {
            Prediction prediction = difference.prediction().prediction();
            differing
                    .addObject()
                    .put("id", prediction.id().toString())
                    .put("eventId", prediction.eventId().value())
                    .put("sentence", difference.sentence());
        }
    }
}
