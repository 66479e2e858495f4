package io.millrace.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.layout.Layout;
import io.millrace.processor.feature.StateVersionException;
import io.millrace.processor.topology.LocalState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topology of one layout, with its local state. */
record RunningLayout(Layout layout, KafkaStreams streams, KafkaStreamsMetrics meters, LocalState state) {
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private static final Set<String> ENDED = Set.of("PENDING_SHUTDOWN", "DEAD");

    private static final Logger log = LoggerFactory.getLogger(RunningLayout.class);

    /**
     * Looks at the local state, and starts.
     *
     * @param state its folder in the state directory
     * @param isExact whether what a failed thread leaves behind is deleted by Streams, as it is under exactly-once
     * @throws UncheckedIOException if the local state cannot be read
     */
    static RunningLayout start(
            Layout layout, KafkaStreams streams, Path state, boolean isExact, MeterRegistry registry) {
        KafkaStreamsMetrics meters = new KafkaStreamsMetrics(streams);
        meters.bindTo(registry);
        streams.setUncaughtExceptionHandler(failure -> afterFailure(failure, isExact));
        RunningLayout running = new RunningLayout(layout, streams, meters, new LocalState(state, registry));
        boolean started = false;
        try {
            // Streams has had the directory's lock since it was made.
            running.state().check();
            streams.start();
            started = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } finally {
            if (!started) {
                meters.close();
                streams.close(CLOSE_TIMEOUT);
            }
        }
        return running;
    }

    /**
     * A failed thread's transaction is aborted and its events come again on the thread that replaces it. What a new
     * thread cannot cure is an Error, such as a class path or a heap that is too small, and state of a later release.
     *
     * <p>Streams deletes the local state of the thread's tasks under exactly-once, so that a store that went bad is
     * restored. A TaskCorruptedException would spare the thread's other tasks, but commits what the bad one has already
     * sent in their common transaction without its offsets: its events would be scored twice.
     */
    private static StreamThreadExceptionResponse afterFailure(Throwable failure, boolean isExact) {
        StateVersionException later = cause(failure, StateVersionException.class);
        if (later != null) {
            log.error("The topology stops: {}", later.getMessage(), failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (failure instanceof Error || failure.getCause() instanceof Error) {
            log.error("The topology stops: restart the process once the cause is mended", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        ProcessorStateException state = cause(failure, ProcessorStateException.class);
        if (state == null) {
            log.error("A stream thread failed and is replaced; its events are processed again", failure);
        } else if (isExact) {
            log.error(
                    "Local state failed: {}. The local state of the thread's tasks is deleted and restored from the"
                            + " changelogs; their events are processed again",
                    sentence(state),
                    failure);
        } else if (LocalState.isDamage(state)) {
            log.error(
                    "The topology stops: local state failed: {}. Restart the process: what is damaged is deleted then,"
                            + " and restored from the changelogs",
                    sentence(state),
                    failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        } else {
            log.error("Local state failed: {}. The thread is replaced and tries again", sentence(state), failure);
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }

    /** What Streams was doing, and what RocksDB or the disk said to it. */
    private static String sentence(ProcessorStateException failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return failure.getMessage() + (root == failure ? "" : ": " + root.getMessage());
    }

    /** Adds or ends stream threads, whose tasks go to others, of this process or not. Waits for those that end. */
    void threads(int wanted) {
        int before = alive();
        for (int left = wanted - before; left > 0; left--) {
            if (streams.addStreamThread().isEmpty()) {
                log.warn("No stream thread can be added now: the topology is {}", streams.state());
                break;
            }
        }
        for (int left = before - wanted; left > 0; left--) {
            try {
                streams.removeStreamThread(CLOSE_TIMEOUT);
            } catch (TimeoutException e) {
                log.warn("A stream thread did not end within {}", CLOSE_TIMEOUT, e);
            }
        }
        if (wanted != before) {
            log.atInfo().addKeyValue("layout", layout).log("{} stream threads instead of {}", alive(), before);
        }
    }

    private int alive() {
        return (int) streams.metadataForLocalThreads().stream()
                .filter(thread -> !ENDED.contains(thread.threadState()))
                .count();
    }

    /**
     * For now. After an orderly end the next start restores nothing.
     *
     * @param handOver whether others have copies of its state: then they take its partitions at once. Otherwise these wait
     *     for its return, which is sooner than a restore elsewhere
     */
    void stop(boolean handOver) {
        meters.close();
        GroupMembershipOperation then =
                handOver ? GroupMembershipOperation.LEAVE_GROUP : GroupMembershipOperation.REMAIN_IN_GROUP;
        if (streams.close(CloseOptions.groupMembershipOperation(then).withTimeout(CLOSE_TIMEOUT))) {
            state.note();
        } else {
            log.warn("Stream threads did not end within {}: the next start restores their state", CLOSE_TIMEOUT);
        }
    }

    /** For good: its place in the group is given up, and its state on this disk. */
    void leave() {
        meters.close();
        boolean ended = streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
        if (ended) {
            try {
                streams.cleanUp();
            } catch (RuntimeException e) {
                log.warn("Local state of a layout that is over stays behind", e);
            }
        }
        log.atInfo().addKeyValue("layout", layout).addKeyValue("ended", ended).log("A layout is over here");
    }
}
