package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.event.Event;
import io.millrace.prediction.Prediction;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * What an event's way allocates is a number, not a time: the same on any machine. Bounds are a quarter above
 * what was counted (JDK 17, the same with either compiler); whoever crosses one says why and raises it.
 */
class AllocationTest {
    private static final int WARM = 2_000;
    private static final int CALLS = 2_000;
    /** With properties, context and all times. */
    private static final Event EVENT = Samples.event();
    /** With traceparent and named inputs. */
    private static final Prediction PREDICTION = Samples.prediction();

    @Test
    void event_decodedAndEncoded() throws Exception {
        byte[] bytes = EventCodec.encode(EVENT);

        assertThat(perCall(() -> EventCodec.decode(bytes))).isLessThan(withMargin(1_560));
        assertThat(perCall(() -> EventCodec.encode(EVENT))).isLessThan(withMargin(1_160));
    }

    @Test
    void prediction_decodedForTheStore_andEncoded() throws Exception {
        byte[] bytes = PredictionCodec.encode(PREDICTION);

        assertThat(perCall(() -> PredictionCodec.decodeStored(bytes))).isLessThan(withMargin(2_424));
        assertThat(perCall(() -> PredictionCodec.encode(PREDICTION))).isLessThan(withMargin(5_552));
    }

    /** For other versions of Java, whose texts and arrays differ by some bytes. */
    private static long withMargin(long counted) {
        return counted * 5 / 4;
    }

    private static long perCall(Callable<?> call) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(call, WARM);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(call, CALLS);
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    private static void run(Callable<?> call, int times) throws Exception {
        int made = 0;
        for (int i = 0; i < times; i++) {
            made += call.call() == null ? 0 : 1;
        }
        assertThat(made).isEqualTo(times);
    }
}
