package io.millrace.processor.serve;

import io.millrace.grpc.v1.RegisterHeader;
import io.millrace.grpc.v1.RegisterRequest;
import io.millrace.processor.model.ModelRefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One artifact on its way in, in a temporary file: an upload holds disk, not memory. Belongs to one thread at a time. */
final class Upload implements AutoCloseable {
    private static final int PIECE = 1 << 16;

    private final long largest;
    private @Nullable RegisterHeader header;
    private @Nullable Path file;
    private @Nullable OutputStream out;
    private long length;

    Upload(long largest) {
        this.largest = largest;
    }

    /**
     * Takes the next part.
     *
     * @throws ModelRefusedException if it is out of place, or too much
     */
    void take(RegisterRequest part) throws ModelRefusedException, IOException {
        switch (part.getPartCase()) {
            case HEADER -> {
                if (header != null) {
                    throw new ModelRefusedException("part: given a second header, expected chunks");
                }
                header = part.getHeader();
            }
            case CHUNK -> {
                if (header == null) {
                    throw new ModelRefusedException("part: given a chunk, expected a header first");
                }
                length += part.getChunk().size();
                if (length > largest) {
                    throw new ModelRefusedException("artifact is too big: expected at most " + largest + " bytes");
                }
                part.getChunk().writeTo(open());
            }
            case PART_NOT_SET -> throw new ModelRefusedException("part: given none, expected a header or a chunk");
        }
    }

    private OutputStream open() throws IOException {
        OutputStream to = out;
        if (to == null) {
            Path made = Files.createTempFile("millrace-upload", ".part");
            file = made;
            to = Files.newOutputStream(made);
            out = to;
        }
        return to;
    }

    /** @throws ModelRefusedException if none came */
    RegisterHeader header() throws ModelRefusedException {
        if (header == null) {
            throw new ModelRefusedException("part: given none, expected a header and chunks");
        }
        return header;
    }

    /** All that came after the header. */
    byte[] artifact() throws IOException {
        if (out == null) {
            return new byte[0];
        }
        out.close();
        byte[] bytes = new byte[Math.toIntExact(length)];
        try (InputStream in = Files.newInputStream(Objects.requireNonNull(file))) {
            int at = 0;
            while (at < bytes.length) {
                // A channel that is asked for all at once takes as much direct memory for it.
                int read = in.read(bytes, at, Math.min(PIECE, bytes.length - at));
                if (read < 0) {
                    throw new EOFException(file + " has " + at + " bytes, expected " + length);
                }
                at += read;
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
