package io.millrace.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.standalone.models.ModelFolder;
import io.millrace.standalone.models.ModelsDoor;
import io.millrace.standalone.models.ModelsFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "models",
        description = "Registers, deploys, watches and verifies versions of models in a running Millrace.",
        subcommands = VerifyCommand.class,
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Runnable {
    private static final long BETWEEN_LOOKS_MILLIS = 500;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Missing command.");
        }
    }

    private static ModelsDoor door(Target target) {
        Target.Address address =
                target.address(credentials -> credentials.tokens().operator());
        return new ModelsDoor(address.url(), address.token());
    }

    private interface Talk {
        void run() throws ModelsFailedException, IOException, InterruptedException;
    }

    private static int talk(Talk talk) throws IOException, InterruptedException {
        try {
            talk.run();
            return 0;
        } catch (ModelsFailedException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Command(name = "push", description = "Checks, tries out and registers a version.", mixinStandardHelpOptions = true)
    int push(
            @Mixin Target target,
            @Parameters(paramLabel = "DIR", description = "With model.yaml, its artifact and, where signed, model.sig.")
                    Path directory,
            @Option(names = "--dry-run", description = "Checks and tries it, and registers nothing.") boolean dryRun)
            throws IOException, InterruptedException {
        return talk(() -> {
            ModelFolder folder = ModelFolder.read(directory);
            ModelsDoor door = door(target);
            try (Progress progress = Progress.onStandardError("push", folder.bytes())) {
                JsonNode version = door.push(
                        folder.model().name(),
                        folder,
                        dryRun,
                        sent -> progress.at(sent, sent < folder.bytes() ? "bytes" : "bytes; it is tried out"));
                System.out.println((dryRun ? "passed " : "registered ") + folder.model() + "  sha256 "
                        + version.path("sha256").asText() + "  by "
                        + version.path("by").asText());
            }
        });
    }

    @Command(name = "list", description = "Shows every model and its deployment.", mixinStandardHelpOptions = true)
    int list(@Mixin Target target) throws IOException, InterruptedException {
        return talk(() -> {
            System.out.printf("%-24s %-16s %-22s %-20s %s%n", "model", "champion", "canary", "shadows", "versions");
            for (JsonNode model : door(target).list().path("models")) {
                ModelsPage.row(model, System.out);
            }
        });
    }

    @Command(
            name = "show",
            description = "Shows a model's versions and who registered them.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Target target, @Parameters(paramLabel = "NAME") String name)
            throws IOException, InterruptedException {
        return talk(() -> ModelsPage.versions(door(target).model(name), System.out));
    }

    @Command(
            name = "deploy",
            description = "Makes a version the champion; without --canary and --shadow there are none after.",
            mixinStandardHelpOptions = true)
    int deploy(
            @Mixin Target target,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "VERSION") String version,
            @Option(
                            names = "--canary",
                            paramLabel = "VERSION=PERCENT",
                            description = "Gives a share of the users to another version.")
                    @Nullable
                    Map<String, Double> canary,
            @Option(
                            names = "--shadow",
                            paramLabel = "VERSION",
                            description = "Lets another version score beside; may be given several times.")
                    @Nullable
                    List<String> shadows,
            @Option(names = "--reason", paramLabel = "TEXT", description = "One sentence for the record.") @Nullable
                    String reason,
            @Option(
                            names = "--revision",
                            paramLabel = "N",
                            description = "Only where the deployment is at this revision; 0 where there is none.")
                    @Nullable
                    Long revision)
            throws IOException, InterruptedException {
        if (canary != null && canary.size() != 1) {
            throw new WrongUsageException("--canary: expected one VERSION=PERCENT.");
        }
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("champion", version);
        if (canary != null) {
            canary.forEach((trial, percent) ->
                    wanted.putObject("canary").put("version", trial).put("percent", percent));
        }
        for (String shadow : shadows == null ? List.<String>of() : shadows) {
            wanted.withArray("shadows").add(shadow);
        }
        if (reason != null) {
            wanted.put("reason", reason);
        }
        return talk(() -> ModelsPage.deployment(door(target).deploy(name, wanted, revision), System.out));
    }

    @Command(
            name = "rollback",
            description = "Makes the champion before the champion again, alone.",
            mixinStandardHelpOptions = true)
    int rollback(@Mixin Target target, @Parameters(paramLabel = "NAME") String name)
            throws IOException, InterruptedException {
        return talk(() -> ModelsPage.deployment(door(target).rollBack(name), System.out));
    }

    @Command(
            name = "status",
            description = "Shows how far each version is on each instance of the processor.",
            mixinStandardHelpOptions = true)
    int status(
            @Mixin Target target,
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "Default: every model.") @Nullable
                    String name,
            @Option(names = "--watch", description = "Shows it again whenever it changes, until it is told to end.")
                    boolean watch)
            throws IOException, InterruptedException {
        return talk(() -> {
            ModelsDoor door = door(target);
            String shown = "";
            while (true) {
                String page = page(door, name);
                if (!page.equals(shown)) {
                    System.out.print(watch ? ModelsPage.stamp() + page : page);
                    shown = page;
                }
                if (!watch) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
            }
        });
    }

    private static String page(ModelsDoor door, @Nullable String name)
            throws ModelsFailedException, InterruptedException {
        List<String> names = new ArrayList<>();
        if (name != null) {
            names.add(name);
        } else {
            door.list()
                    .path("models")
                    .forEach(model -> names.add(model.path("name").asText()));
        }
        Map<String, JsonNode> models = new TreeMap<>();
        for (String one : names) {
            models.put(one, door.model(one));
        }
        return ModelsPage.status(models);
    }

    @Command(
            name = "sign",
            description = "Signs a model with an Ed25519 key (openssl genpkey -algorithm ed25519): writes model.sig.",
            mixinStandardHelpOptions = true)
    int sign(
            @Parameters(paramLabel = "DIR", description = "With model.yaml and its artifact.") Path directory,
            @Option(names = "--key", paramLabel = "FILE", required = true, description = "Private key, PKCS #8 in PEM.")
                    Path key)
            throws IOException, InterruptedException {
        return talk(
                () -> System.out.println("wrote " + ModelFolder.read(directory).sign(key)));
    }
}
