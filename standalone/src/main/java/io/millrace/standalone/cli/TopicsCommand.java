package io.millrace.standalone.cli;

import io.millrace.layout.Layout;
import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.pipeline.PipelineFollower;
import io.millrace.pipeline.Sighting;
import io.millrace.standalone.topics.TopicReport;
import io.millrace.standalone.topics.TopicReport.GroupState;
import io.millrace.standalone.topics.TopicReport.TopicState;
import io.millrace.standalone.topics.TopicsUnreachableException;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "topics",
        description = "Shows the topics, their partitions and end offsets, and the lag of the processor and the store.",
        mixinStandardHelpOptions = true)
final class TopicsCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(5);

    @Mixin
    private PipelineOptions pipeline = new PipelineOptions();

    @Option(
            names = "--store-group",
            paramLabel = "GROUP",
            description = "Consumer group of the store; default ${DEFAULT-VALUE}.")
    private String storeGroup = "millrace-store";

    @Override
    public Integer call() throws InterruptedException {
        Logs.start(LogConfig.of("cli", LogConfig.Reader.USER));
        String bootstrap = pipeline.bootstrap();
        try {
            Layout layout = layout(bootstrap);
            print(TopicReport.look(
                    bootstrap,
                    Map.of(
                            layout.applicationId(pipeline.processorGroup()),
                            layout.topic(),
                            storeGroup,
                            Topic.PREDICTIONS.topicName())));
        } catch (TopicsUnreachableException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
        return 0;
    }

    /** What the topic pipeline says is running; what a pipeline begins with where it says nothing in time. */
    private static Layout layout(String bootstrap) throws InterruptedException {
        try (PipelineFollower follower = PipelineFollower.start(bootstrap, "millrace-topics", sighting -> {})) {
            Sighting sighting = follower.await(LOOK);
            return sighting == null ? Layout.FIRST : sighting.pipeline().layout();
        }
    }

    private static void print(TopicReport.State state) {
        System.out.printf("%-16s %10s %8s %14s   %s%n", "topic", "partitions", "copies", "records kept", "end offsets");
        for (TopicState topic : state.topics()) {
            System.out.printf(
                    "%-16s %10d %8d %,14d   %s%n",
                    topic.topic(),
                    topic.partitions(),
                    topic.replicas(),
                    topic.records(),
                    topic.ends().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
        state.missing().forEach(topic -> System.out.printf("%-16s is not there yet%n", topic));
        System.out.printf("%n%-24s %-16s %s%n", "group", "reads", "lag (markers of transactions included)");
        for (GroupState group : state.groups()) {
            System.out.printf(
                    "%-24s %-16s %s%n",
                    group.group(),
                    group.topic(),
                    group.lag().isPresent() ? String.format("%,d", group.lag().getAsLong()) : "never committed");
        }
    }
}
