package io.millrace.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code millrace models} prints. */
final class ModelsPage {
    private ModelsPage() {}

    static void row(JsonNode model, PrintStream out) {
        JsonNode deployment = model.path("deployment");
        List<String> versions = new ArrayList<>();
        model.path("versions")
                .forEach(version -> versions.add(version.path("version").asText()));
        out.printf(
                "%-24s %-16s %-22s %-20s %s%n",
                model.path("name").asText(),
                deployment.path("champion").asText("-"),
                canary(deployment),
                shadows(deployment),
                String.join(" ", versions));
    }

    static void versions(JsonNode model, PrintStream out) {
        if (model.has("deployment")) {
            deployment(model.path("deployment"), out);
        } else {
            out.println(model.path("name").asText() + " is not deployed");
        }
        for (JsonNode version : model.path("versions")) {
            out.printf(
                    "%n%s  %s, %,d bytes, %s%n  sha256 %s%n  registered %s by %s%n  trained on %s; licence %s%n",
                    version.path("version").asText(),
                    version.path("kind").asText(),
                    version.path("bytes").asLong(),
                    version.path("signed").asBoolean() ? "signed" : "not signed",
                    version.path("sha256").asText(),
                    version.path("at").asText(),
                    version.path("by").asText(),
                    version.path("trainedOn").asText(),
                    version.path("licence").asText());
            version.path("metrics")
                    .properties()
                    .forEach(metric -> out.printf(
                            "  %s %s%n", metric.getKey(), metric.getValue().asText()));
        }
    }

    static void deployment(JsonNode deployment, PrintStream out) {
        out.printf(
                "%s at revision %d: champion %s, canary %s, shadows %s, before %s; by %s at %s%s%n",
                deployment.path("name").asText(),
                deployment.path("revision").asLong(),
                deployment.path("champion").asText(),
                canary(deployment),
                shadows(deployment),
                deployment.path("previous").asText("-"),
                deployment.path("by").asText(),
                deployment.path("at").asText(),
                deployment.has("reason") ? " (" + deployment.path("reason").asText() + ")" : "");
    }

    /** One line for each version on each instance. */
    static String status(Map<String, JsonNode> models) {
        StringBuilder page = new StringBuilder();
        line(page, "model", "instance", "version", "role", "phase", "since");
        models.forEach((name, model) -> {
            for (JsonNode instance : model.path("instances")) {
                String address = instance.path("address").asText();
                if (instance.has("unreachable")) {
                    line(
                            page,
                            name,
                            address,
                            "-",
                            "-",
                            "away",
                            instance.path("unreachable").asText());
                }
                for (JsonNode state : instance.path("states")) {
                    String detail = state.path("detail").asText("");
                    line(
                            page,
                            name,
                            address,
                            state.path("version").asText(),
                            state.path("role").asText("-"),
                            state.path("phase").asText(),
                            state.path("since").asText() + (detail.isEmpty() ? "" : "  " + detail));
                }
            }
        });
        return page.toString();
    }

    private static void line(
            StringBuilder page, String model, String instance, String version, String role, String phase, String rest) {
        page.append(String.format("%-24s %-22s %-16s %-9s %-9s %s%n", model, instance, version, role, phase, rest));
    }

    static String stamp() {
        return String.format("%n%s%n", Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String canary(JsonNode deployment) {
        JsonNode canary = deployment.path("canary");
        return canary.isObject()
                ? canary.path("version").asText() + "=" + canary.path("percent").asText() + "%"
                : "-";
    }

    private static String shadows(JsonNode deployment) {
        List<String> shadows = new ArrayList<>();
        deployment.path("shadows").forEach(shadow -> shadows.add(shadow.asText()));
        return shadows.isEmpty() ? "-" : String.join(" ", shadows);
    }
}
