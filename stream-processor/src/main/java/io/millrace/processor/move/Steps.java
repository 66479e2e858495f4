package io.millrace.processor.move;

import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.layout.Pipeline.Phase;
import io.millrace.pipeline.Sighting;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** The steps of a move, each of which may be done again. Not thread-safe; owns nothing. */
final class Steps {
    private static final Duration STEP = Duration.ofMillis(20);
    /** Processors leave by themselves; who has not by then is paused or dead. */
    private static final Duration LEAVING = Duration.ofSeconds(5);
    /** So little is left to copy that the last of it takes a fraction of a second. */
    private static final long NEARLY = 20_000;
    /** So few events wait that they are taken in some seconds at most. */
    private static final long FEW_EVENTS = 2_000;
    /** What nobody commits may be no records, but markers of transactions. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final MoveConfig config;
    private final Cluster cluster;
    private final Patience patience;
    private final Mover.Listener listener;

    Steps(MoveConfig config, Cluster cluster, Mover.Listener listener) {
        this.config = config;
        this.cluster = cluster;
        this.patience = new Patience(config.patience());
        this.listener = listener;
    }

    /** Makes the next layout's topics. */
    void prepare(Layout from, Layout next) throws MoveFailedException, InterruptedException {
        cluster.createLike(from.topic(), next.topic(), next.partitions(), Topic.USER_EVENTS.settings());
        Map<String, String> transfer = new HashMap<>();
        transfer.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        // Its records are as old as the state, and none may go before it was taken.
        transfer.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        transfer.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        cluster.createLike(from.topic(), next.transferTopic(), next.partitions(), transfer);
    }

    /** Until so little is left, here and with the next layout's tasks, that the rest takes no time. */
    void copyMost(StateCopier copier, Layout from, Layout next) throws MoveFailedException, InterruptedException {
        long deadline = System.nanoTime() + config.patience().toNanos();
        long before = -1;
        long copiedAt = -1;
        CopyPace pace = new CopyPace(config.rate(), copier.copied(), System.nanoTime());
        while (true) {
            for (int i = 0; i < 10; i++) {
                copier.step(STEP);
                TimeUnit.NANOSECONDS.sleep(pace.pause(copier.copied(), System.nanoTime()));
            }
            long left = copier.left(cluster.ends(copier.partitions(), IsolationLevel.READ_COMMITTED));
            pace.left(left, copier.copied(), System.nanoTime());
            long untaken = untaken(next);
            listener.copied(copier.copied(), left + Math.max(0, untaken));
            if (left <= NEARLY && untaken >= 0 && untaken <= NEARLY) {
                copiedAt = copiedAt < 0 ? System.nanoTime() : copiedAt;
                if (waiting(from) <= FEW_EVENTS
                        || System.nanoTime() - copiedAt > config.patience().toNanos()) {
                    return;
                }
            }
            if (copier.copied() != before || untaken >= 0) {
                before = copier.copied();
                deadline = System.nanoTime() + config.patience().toNanos();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new MoveFailedException("no processor has taken up all " + next.partitions()
                        + " partitions of layout " + next.number() + " within " + config.patience()
                        + ": expected running processors of this release; run it again to go on");
            }
        }
    }

    /**
     * Events that the present layout's tasks have not taken. Those that come after the switch wait for them, so behind a
     * backlog it is put off; not for ever, for who is always behind moves because of that.
     */
    private long waiting(Layout from) throws MoveFailedException, InterruptedException {
        List<TopicPartition> partitions = Cluster.partitions(from.topic(), from.partitions());
        return left(
                partitions,
                cluster.ends(partitions, IsolationLevel.READ_COMMITTED),
                taken(from, partitions, cluster.beginnings(partitions)));
    }

    private Map<TopicPartition, Long> taken(
            Layout from, List<TopicPartition> partitions, Map<TopicPartition, Long> beginnings)
            throws MoveFailedException, InterruptedException {
        Map<TopicPartition, Long> taken = new HashMap<>(beginnings);
        taken.putAll(cluster.committed(from.applicationId(config.applicationId())));
        taken.keySet().retainAll(partitions);
        return taken;
    }

    private static long left(
            List<TopicPartition> partitions, Map<TopicPartition, Long> ends, Map<TopicPartition, Long> taken) {
        long left = 0;
        for (TopicPartition partition : partitions) {
            left += Math.max(0, ends.getOrDefault(partition, 0L) - taken.getOrDefault(partition, 0L));
        }
        return left;
    }

    /** What the next layout's tasks have still to take; -1 while some have not begun. */
    private long untaken(Layout next) throws MoveFailedException, InterruptedException {
        List<TopicPartition> partitions = Cluster.partitions(next.transferTopic(), next.partitions());
        Map<TopicPartition, Long> ends = cluster.ends(partitions, IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, Long> committed = cluster.committed(next.applicationId(config.applicationId()));
        long left = 0;
        for (TopicPartition partition : partitions) {
            Long at = committed.get(partition);
            if (at == null) {
                return -1;
            }
            left += Math.max(0, ends.getOrDefault(partition, 0L) - at);
        }
        return left;
    }

    /** Until nobody relies on what was known before the pipeline was closing. */
    void close(StateCopier copier) {
        copyFor(copier, Sighting.settled(Phase.COPYING));
    }

    /** Once the present topic is shut for certain, until everything on it has been taken and committed. */
    void drain(StateCopier copier, Layout from) throws MoveFailedException, InterruptedException {
        copyFor(copier, Sighting.settled(Phase.CLOSING));
        List<TopicPartition> partitions = Cluster.partitions(from.topic(), from.partitions());
        cluster.shut(from.topic());
        Map<TopicPartition, Long> ends = cluster.ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> beginnings = cluster.beginnings(partitions);
        long[] looked = {System.nanoTime()};
        patience.awaitNone("the processors to take what is left on " + from.topic(), () -> {
            copier.step(STEP);
            Map<TopicPartition, Long> taken = taken(from, partitions, beginnings);
            long left = left(partitions, ends, taken);
            listener.copied(copier.copied(), left);
            if (left > 0 && System.nanoTime() - looked[0] > BETWEEN_LOOKS.toNanos()) {
                looked[0] = System.nanoTime();
                return Tail.holdsRecords(config, taken, ends) ? left : 0;
            }
            return left;
        });
    }

    /** From here on nobody commits anything for the layout that is left. */
    void stop(StateCopier copier, String application) throws MoveFailedException, InterruptedException {
        copyFor(copier, Sighting.settled(Phase.SWITCHING));
        leave(application, () -> copier.step(STEP));
        cluster.fence(application);
    }

    /** Until a group has no members. */
    void leave(String application, Runnable meanwhile) throws MoveFailedException, InterruptedException {
        long deadline = System.nanoTime() + LEAVING.toNanos();
        patience.await("the members of group " + application + " to leave it", () -> {
            meanwhile.run();
            if (System.nanoTime() - deadline > 0) {
                cluster.evict(application);
            }
            return cluster.members(application) == 0;
        });
    }

    /** Nobody writes the changelogs any more: copies them to their ends. */
    void copyRest(StateCopier copier) throws MoveFailedException, InterruptedException {
        Map<TopicPartition, Long> ends = cluster.ends(copier.partitions(), IsolationLevel.READ_UNCOMMITTED);
        patience.awaitNone("the last transactions to be settled", () -> {
            copier.step(STEP);
            long left = copier.left(ends);
            listener.copied(copier.copied(), left);
            return left;
        });
    }

    private void copyFor(StateCopier copier, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            copier.step(STEP);
        }
    }

    /** Takes away what the last move has left behind; the earlier topic of events stays for who looks for them. */
    void tidy(Pipeline pipeline) throws MoveFailedException, InterruptedException {
        Layout layout = pipeline.layout();
        if (pipeline.earlier().isEmpty()) {
            return;
        }
        patience.awaitNone("the tasks of layout " + layout.number() + " to take their state", () -> {
            long untaken = untaken(layout);
            return untaken < 0 ? Long.MAX_VALUE - 1 : untaken;
        });
        cluster.deleteRecords(cluster.ends(
                Cluster.partitions(layout.transferTopic(), layout.partitions()), IsolationLevel.READ_COMMITTED));
        for (Layout left : pipeline.earlier()) {
            String application = left.applicationId(config.applicationId());
            cluster.deleteTopics(StateCopier.changelogs(application).values());
            if (left.isMoved()) {
                cluster.deleteTopics(List.of(left.transferTopic()));
            }
            cluster.deleteGroup(application);
        }
        cluster.deleteGroup(StateCopier.group(config, layout));
    }
}
