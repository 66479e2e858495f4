package io.millrace.processor.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/**
 * How PyTorch runs here: offline, and on the calling thread alone.
 *
 * <p>PyTorch keeps its number of threads and its gradient mode per thread. A stream thread that is not told gets an OpenMP
 * team of all cores for matrices that one core multiplies in microseconds: 40 times slower. Setting
 * {@code OMP_NUM_THREADS=1} in the environment of the process does the same for threads that PyTorch makes itself.
 */
final class TorchThreads {
    private TorchThreads() {}

    /** Loads the engine if need be, and readies the calling thread for inference. */
    static void inference() {
        bind(false);
    }

    /** Loads the engine if need be, and readies the calling thread for training. */
    static void training() {
        bind(true);
    }

    private static void bind(boolean gradients) {
        // DJL downloads what it misses, and looks for a cloud's metadata, unless told not to; it reads these once.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Engine.getEngine("PyTorch");
        JniUtils.setNumThreads(1);
        JniUtils.setGradMode(gradients);
    }
}
