package io.millrace.processor.model;

import io.millrace.codec.ManifestCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries a model out in a Java process of its own, before this one takes it in. A model is native code from elsewhere: one
 * that crashes takes its process with it, and one that hangs cannot be stopped, keeps a core busy for good and crashes the
 * JVM at its end, when PyTorch is unloaded under it. Takes a few seconds, most of it for PyTorch to start.
 */
public final class TrialProcess {
    static final String ACCEPTED = "accepted";
    /** For Java and PyTorch to start on a busy machine; the model's own time is the limits'. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final int PIECE = 1 << 16;
    private static final Set<String> JVM_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private TrialProcess() {}

    /**
     * Returns if the model loaded and ran there as {@link LoadedModel#load(ModelFiles, ModelLimits)} asks.
     *
     * @throws ModelRefusedException with one sentence that says why not
     */
    public static void check(ModelFiles files, ModelLimits limits) throws ModelRefusedException {
        String prefix = files.manifest().model() + ": ";
        Path folder = temporary();
        Process process = start(folder);
        try {
            String answer = answer(process, files, limits);
            if (!answer.equals(ACCEPTED)) {
                throw new ModelRefusedException(answer);
            }
        } catch (TimeoutException e) {
            throw new ModelRefusedException(prefix + "its trial's process did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelRefusedException(prefix + "its trial was interrupted", e);
        } catch (ExecutionException e) {
            throw new ModelRefusedException(prefix + "crashed its trial's process (" + exit(process) + ")", e);
        } finally {
            process.destroyForcibly();
            delete(folder);
        }
    }

    private static Process start(Path folder) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                System.getProperty("java.class.path"),
                TrialMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // A model is a stranger's program: it needs no password of ours. And what a JVM is given by its environment, an
        // agent or
        // another collector, can write on the standard output that the trial answers on, or keep it from starting.
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_") || JVM_OPTIONS.contains(name));
        builder.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "OPT_OUT_TRACKING", "true"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("a process for a model's trial could not be started", e);
        }
    }

    private static String answer(Process process, ModelFiles files, ModelLimits limits)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> talk(process, files, limits, answer),
                "model-trial-" + files.manifest().model());
        thread.setDaemon(true);
        thread.start();
        return answer.get(START.plus(limits.trial()).toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void talk(Process process, ModelFiles files, ModelLimits limits, CompletableFuture<String> answer) {
        try (DataOutputStream out = new DataOutputStream(process.getOutputStream());
                DataInputStream in = new DataInputStream(process.getInputStream())) {
            byte[] manifest = ManifestCodec.write(files.manifest());
            out.writeInt(manifest.length);
            out.write(manifest);
            out.writeInt(files.artifact().length);
            // A file stream copies what it is given at once into native memory.
            for (int at = 0; at < files.artifact().length; at += PIECE) {
                out.write(files.artifact(), at, Math.min(PIECE, files.artifact().length - at));
            }
            out.writeLong(limits.trial().toMillis());
            out.writeInt(limits.buckets().size());
            for (int bucket : limits.buckets()) {
                out.writeInt(bucket);
            }
            out.flush();
            answer.complete(in.readUTF());
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static String exit(Process process) {
        try {
            return process.waitFor(1, TimeUnit.SECONDS) ? "exit code " + process.exitValue() : "it went silent";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("millrace-trial");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve("crash.log"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
