package io.millrace.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.Reason;
import io.millrace.model.Deployment;
import io.millrace.model.Deployment.Canary;
import io.millrace.model.Deployment.Guardrails;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Deployments on models, as json/deployment.schema.json says. Instants are cut to milliseconds. */
public final class DeploymentCodec {
    private static final double NANOS_PER_MILLI = 1e6;

    private DeploymentCodec() {}

    public static byte[] encode(Deployment deployment) {
        ObjectNode tree = RecordTree.object()
                .put("name", deployment.name())
                .put("revision", deployment.revision())
                .put("champion", deployment.champion());
        Canary canary = deployment.canary();
        if (canary != null) {
            Guardrails guardrails = canary.guardrails();
            ObjectNode trial = tree.putObject("canary").put("version", canary.version());
            number(trial, "percent", canary.percent());
            ObjectNode bounds = trial.putObject("guardrails").put("failures", guardrails.failures());
            number(bounds, "slowestMs", guardrails.slowest().toNanos() / NANOS_PER_MILLI);
            number(bounds, "psi", guardrails.psi());
            bounds.put("after", guardrails.after());
        }
        deployment.shadows().forEach(tree.putArray("shadows")::add);
        if (deployment.previous() != null) {
            tree.put("previous", deployment.previous());
        }
        tree.put("by", deployment.by()).put("at", Timestamps.format(deployment.at()));
        if (deployment.reason() != null) {
            tree.put("reason", deployment.reason());
        }
        return RecordTree.write(tree);
    }

    /** A whole number without a fraction. */
    private static void number(ObjectNode to, String field, double value) {
        if (value == (long) value) {
            to.put(field, (long) value);
        } else {
            to.put(field, value);
        }
    }

    /**
     * Reads a deployment.
     *
     * @throws DecodeException if the bytes are none
     */
    public static Deployment decode(byte[] bytes) throws DecodeException {
        RecordTree tree = RecordTree.read(bytes);
        try {
            return new Deployment(
                    tree.text("name"),
                    tree.whole("revision"),
                    tree.text("champion"),
                    canary(tree.object("canary")),
                    tree.texts("shadows"),
                    tree.optionalText("previous"),
                    tree.text("by"),
                    tree.instant("at"),
                    tree.optionalText("reason"));
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Canary canary(@Nullable RecordTree tree) throws DecodeException {
        if (tree == null) {
            return null;
        }
        return new Canary(tree.text("version"), tree.number("percent"), guardrails(tree.object("guardrails")));
    }

    private static Guardrails guardrails(@Nullable RecordTree tree) throws DecodeException {
        if (tree == null) {
            return Guardrails.DEFAULT;
        }
        return new Guardrails(
                tree.intValue("failures"),
                Duration.ofNanos(Math.round(tree.number("slowestMs") * NANOS_PER_MILLI)),
                tree.number("psi"),
                tree.intValue("after"));
    }
}
