package io.millrace.standalone.cli;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.topics.LiveTerminal;
import io.millrace.standalone.topics.PipelineWatch;
import io.millrace.standalone.topics.PipelineWatch.Door;
import io.millrace.standalone.topics.PipelineWatch.Seen;
import io.millrace.standalone.topics.Screen;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "topics",
        description =
                "Shows the whole pipeline: partitions, lag, rates, instances and what they work on, state, topics and"
                        + " their sizes, and how far a restore or a move to another number of partitions is.",
        mixinStandardHelpOptions = true,
        subcommands = RebuildStoreCommand.class)
final class TopicsCommand implements Callable<Integer> {
    @Mixin
    private PipelineOptions pipeline = new PipelineOptions();

    @Option(
            names = "--store-group",
            paramLabel = "GROUP",
            description = "Consumer group of the store; default ${DEFAULT-VALUE}.")
    private String storeGroup = "millrace-store";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The door, which knows more than Kafka; default: what --data knows. Goes with --token.")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "An analyst's or operator's token; goes with --url.")
    private @Nullable String token;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "2",
            description =
                    "Looks again every so many seconds, 2 where none are given: on a terminal in place, else a line"
                            + " each time.")
    private @Nullable Double seconds;

    @Option(names = "--json", description = "Prints JSON; with --watch one document a line.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        if (seconds != null && !(seconds >= 0.1 && seconds <= 3_600)) {
            throw new WrongUsageException("--watch: given " + seconds + ", expected 0.1 to 3600 seconds.");
        }
        if ((url == null) != (token == null)) {
            throw new WrongUsageException("--url and --token go together.");
        }
        String bootstrap = pipeline.bootstrap();
        try (PipelineWatch watch = new PipelineWatch(bootstrap, door(), pipeline.processorGroup(), storeGroup)) {
            if (seconds == null) {
                once(watch);
            } else {
                Duration between = Duration.ofMillis(Math.round(seconds * 1_000));
                if (Boolean.getBoolean("millrace.output.terminal") && !json) {
                    draw(watch, between);
                } else {
                    tell(watch, between);
                }
            }
        }
        return 0;
    }

    /** An analyst may ask; with --kafka alone nobody knows where the door is. */
    private Door door() {
        if (url != null && token != null) {
            return new Door(url, token);
        }
        Credentials known = pipeline.credentials();
        return known == null
                ? new Door(null, "")
                : new Door(known.url(), known.tokens().operator());
    }

    private void once(PipelineWatch watch) throws InterruptedException {
        Seen seen = watch.look();
        if (json) {
            System.out.println(seen.json().toPrettyString());
        } else if (seen.failure() == null) {
            Screen.all(seen).forEach(System.out::println);
        }
        if (seen.failure() != null) {
            throw new CommandFailedException(seen.failure());
        }
    }

    private static void draw(PipelineWatch watch, Duration between) throws InterruptedException {
        try (LiveTerminal terminal = LiveTerminal.begin()) {
            while (!System.out.checkError()) {
                Seen seen = watch.look();
                LiveTerminal.Size size = terminal.size();
                terminal.draw(Screen.fitted(seen, size.rows(), size.columns()));
                TimeUnit.MILLISECONDS.sleep(between.toMillis());
            }
        }
    }

    /** Until whoever reads it goes. */
    private void tell(PipelineWatch watch, Duration between) throws InterruptedException {
        do {
            Seen seen = watch.look();
            System.out.println(json ? seen.json().toString() : Screen.line(seen));
            TimeUnit.MILLISECONDS.sleep(between.toMillis());
        } while (!System.out.checkError());
    }
}
