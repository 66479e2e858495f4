package io.millrace.processor.move;

import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.layout.Pipeline.Phase;
import io.millrace.processor.score.MovedState.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Moves a running pipeline to another number of partitions, with its state (docs/decisions/0028). Each step is decided by what
 * the topic pipeline says, and may be done again: whoever runs it after one that was killed goes on. Not thread-safe.
 */
public final class Mover {
    private static final List<Phase> MAY_BE_GIVEN_UP = List.of(Phase.PREPARING, Phase.COPYING, Phase.CLOSING);

    private final MoveConfig config;
    private final Clock clock;
    private final Listener listener;

    /** Told how far a move is, on the thread that moves. */
    public interface Listener {
        /** A phase begins, or is gone on with. */
        void phase(Pipeline pipeline);

        /** Told often. */
        void copied(long records, long left);
    }

    public Mover(MoveConfig config, Clock clock, Listener listener) {
        this.config = config;
        this.clock = clock;
        this.listener = listener;
    }

    /** What {@link #move} would do. */
    public MovePlan plan(int partitions) throws MoveFailedException, InterruptedException {
        try (Cluster cluster = new Cluster(config)) {
            cluster.reach();
            Pipeline pipeline = Control.look(config);
            Layout from = counted(pipeline.layout(), cluster);
            Layout next = pipeline.next();
            Layout to = next != null ? next : new Layout(pipeline.lastNumber() + 1, partitions);
            if (to.partitions() != partitions) {
                throw new MoveFailedException("a move to " + to.partitions() + " partitions is in phase "
                        + pipeline.phase().text() + ": go on with it, or give it up while it is copying");
            }
            String application = from.applicationId(config.applicationId());
            Map<Store, String> changelogs = present(application, from, cluster);
            Set<String> topics = new HashSet<>(changelogs.values());
            topics.add(from.topic());
            Map<String, Long> bytes = cluster.bytes(topics);
            long events = bytes.getOrDefault(from.topic(), 0L);
            List<TopicPartition> state = changelogs.values().stream()
                    .flatMap(topic -> Cluster.partitions(topic, from.partitions()).stream())
                    .toList();
            return new MovePlan(
                    from,
                    to,
                    pipeline.phase(),
                    events,
                    bytes.values().stream().mapToLong(Long::longValue).sum() - events,
                    sum(cluster.ends(state, IsolationLevel.READ_COMMITTED)) - sum(cluster.beginnings(state)),
                    cluster.members(application));
        } catch (KafkaException e) {
            throw new MoveFailedException("the pipeline cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** Moves, or goes on with a move to as many. Returns when the next layout runs and nothing of the move is left. */
    public void move(int partitions) throws MoveFailedException, InterruptedException {
        run((cluster, control, steps) -> {
            Pipeline pipeline = control.pipeline();
            Layout next = pipeline.next();
            if (next != null && next.partitions() != partitions) {
                throw new MoveFailedException("a move to " + next.partitions() + " partitions is in phase "
                        + pipeline.phase().text() + ": go on with it, or give it up while it is copying");
            }
            if (next == null) {
                Layout from = counted(pipeline.layout(), cluster);
                if (from.partitions() == partitions) {
                    steps.tidy(pipeline);
                    return;
                }
                begin(control, from, partitions);
            }
            goOn(cluster, control, steps);
        });
    }

    /** Gives a move up that has not begun to switch: everything stays as it was. */
    public void giveUp() throws MoveFailedException, InterruptedException {
        run((cluster, control, steps) -> {
            Pipeline pipeline = control.pipeline();
            Layout next = pipeline.next();
            if (next == null) {
                return;
            }
            if (!MAY_BE_GIVEN_UP.contains(pipeline.phase())) {
                throw new MoveFailedException("the move is in phase "
                        + pipeline.phase().text() + ", with events on " + next.topic() + ": it can only go on");
            }
            control.write(pipeline.with(Phase.STEADY, clock.instant()));
            listener.phase(control.pipeline());
            String application = next.applicationId(config.applicationId());
            steps.leave(application, () -> {});
            List<String> topics =
                    new ArrayList<>(StateCopier.changelogs(application).values());
            topics.add(next.topic());
            topics.add(next.transferTopic());
            cluster.deleteTopics(topics);
            cluster.deleteGroup(application);
            cluster.deleteGroup(StateCopier.group(config, next));
        });
    }

    /**
     * Tells processors how many stream threads to have, those that start later included; they follow within a second.
     *
     * @param instance null: all
     * @param threads null: as their settings say
     */
    public void threads(@Nullable String instance, @Nullable Integer threads)
            throws MoveFailedException, InterruptedException {
        // Looked at first: to take the pen would end who is moving.
        requireSteady(Control.look(config));
        run((cluster, control, steps) -> {
            Pipeline now = control.pipeline();
            requireSteady(now);
            control.write(now.with(now.threads().with(instance, threads), clock.instant()));
        });
    }

    private static void requireSteady(Pipeline pipeline) throws MoveFailedException {
        if (pipeline.phase() != Phase.STEADY) {
            throw new MoveFailedException(
                    "a move is in phase " + pipeline.phase().text() + ": try again when millrace scale is done");
        }
    }

    private interface Work {
        void run(Cluster cluster, Control control, Steps steps) throws MoveFailedException, InterruptedException;
    }

    private void run(Work work) throws MoveFailedException, InterruptedException {
        try (Cluster cluster = new Cluster(config)) {
            cluster.reach();
            try (Control control = Control.take(config)) {
                work.run(cluster, control, new Steps(config, cluster, listener));
            }
        } catch (KafkaException e) {
            throw new MoveFailedException(
                    "the move stopped: " + e.getMessage() + "; what was done stays, run it again to go on", e);
        }
    }

    private void begin(Control control, Layout from, int partitions) throws MoveFailedException, InterruptedException {
        Pipeline now = control.pipeline();
        Layout next = new Layout(now.lastNumber() + 1, partitions);
        control.write(new Pipeline(
                now.revision() + 1,
                from,
                Phase.PREPARING,
                next,
                next.number(),
                now.earlier(),
                now.threads(),
                clock.instant()));
    }

    private void goOn(Cluster cluster, Control control, Steps steps) throws MoveFailedException, InterruptedException {
        Pipeline pipeline = control.pipeline();
        Layout from = pipeline.layout();
        Layout next = Objects.requireNonNull(pipeline.next());
        String application = from.applicationId(config.applicationId());
        if (pipeline.phase() == Phase.PREPARING) {
            listener.phase(pipeline);
            steps.prepare(from, next);
            control.write(pipeline.with(Phase.COPYING, clock.instant()));
        }
        try (StateCopier copier =
                new StateCopier(config, from, next, present(application, from, cluster), control.producer())) {
            copier.begin();
            if (control.pipeline().phase() == Phase.COPYING) {
                listener.phase(control.pipeline());
                steps.copyMost(copier, from, next);
                copier.settle();
                control.write(control.pipeline().with(Phase.CLOSING, clock.instant()));
            }
            if (control.pipeline().phase() == Phase.CLOSING) {
                listener.phase(control.pipeline());
                steps.close(copier);
                copier.settle();
                control.write(control.pipeline().with(Phase.SWITCHING, clock.instant()));
            }
            if (control.pipeline().phase() == Phase.SWITCHING) {
                listener.phase(control.pipeline());
                steps.drain(copier, from);
                copier.settle();
                control.write(control.pipeline().with(Phase.STOPPING, clock.instant()));
            }
            listener.phase(control.pipeline());
            steps.stop(copier, application);
            steps.copyRest(copier);
            copier.end();
        }
        Pipeline last = control.pipeline();
        List<Layout> earlier = new ArrayList<>(List.of(from));
        earlier.addAll(last.earlier());
        control.write(new Pipeline(
                last.revision() + 1,
                next,
                Phase.STEADY,
                null,
                last.lastNumber(),
                earlier,
                last.threads(),
                clock.instant()));
        listener.phase(control.pipeline());
        steps.tidy(control.pipeline());
    }

    private static Layout counted(Layout layout, Cluster cluster) throws MoveFailedException, InterruptedException {
        int partitions = cluster.partitions(layout.topic());
        if (partitions == 0) {
            throw new MoveFailedException("topic " + layout.topic() + " is not there: expected a running pipeline");
        }
        return new Layout(layout.number(), partitions);
    }

    private Map<Store, String> present(String application, Layout from, Cluster cluster)
            throws MoveFailedException, InterruptedException {
        Map<Store, String> changelogs = StateCopier.changelogs(application);
        for (Store store : Store.values()) {
            int partitions = cluster.partitions(store.changelog(application));
            if (partitions != from.partitions()) {
                throw new MoveFailedException("topic " + store.changelog(application) + " has " + partitions
                        + " partitions: expected " + from.partitions() + ", as a processor makes it that has run with"
                        + " --processor-group " + config.applicationId());
            }
        }
        return changelogs;
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }
}
