package io.millrace.processor.model;

import io.millrace.identity.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a fit needs to go on after an epoch as if it had never stopped. Written whole beside the old one, forced to
 * the disk and renamed, so that a process that dies leaves one or the other.
 *
 * @param fit a fingerprint of data and settings: a checkpoint of another fit is refused
 * @param epoch so many are done
 * @param sinceBest epochs since the best one, less one
 * @param steps of the optimizer
 * @param weights of each parameter, in the block's order
 * @param moments of each parameter: means, then variances
 * @param best parameters of the best epoch, as DJL saves them
 */
record FitCheckpoint(
        Sha256 fit,
        int epoch,
        int sinceBest,
        int bestEpoch,
        double bestLoss,
        int steps,
        List<float[]> weights,
        List<float[]> moments,
        byte[] best) {
    private static final int MAGIC = 0x4d52_4650;

    void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeUTF(fit.hex());
        out.writeInt(epoch);
        out.writeInt(sinceBest);
        out.writeInt(bestEpoch);
        out.writeDouble(bestLoss);
        out.writeInt(steps);
        put(out, weights);
        put(out, moments);
        out.writeInt(best.length);
        out.write(best);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads the checkpoint of a fit, or null where there is none yet.
     *
     * @throws IllegalArgumentException if the file is no checkpoint, or one of another fit
     */
    static @Nullable FitCheckpoint read(Path file, Sha256 fit) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            if (in.readInt() != MAGIC) {
                throw new IllegalArgumentException(file + " is no checkpoint of a training");
            }
            if (!in.readUTF().equals(fit.hex())) {
                throw new IllegalArgumentException(file
                        + " is of a training with other data or settings: train with those, or into another directory");
            }
            return new FitCheckpoint(
                    fit,
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    in.readDouble(),
                    in.readInt(),
                    floats(in),
                    floats(in),
                    in.readNBytes(in.readInt()));
        }
    }

    private static void put(DataOutputStream out, List<float[]> arrays) throws IOException {
        out.writeInt(arrays.size());
        for (float[] array : arrays) {
            out.writeInt(array.length);
            for (float value : array) {
                out.writeFloat(value);
            }
        }
    }

    private static List<float[]> floats(DataInputStream in) throws IOException {
        List<float[]> arrays = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            float[] array = new float[in.readInt()];
            for (int j = 0; j < array.length; j++) {
                array[j] = in.readFloat();
            }
            arrays.add(array);
        }
        return arrays;
    }
}
