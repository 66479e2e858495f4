package io.millrace.processor.train.file;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens a file packed by gzip or zstd, or not at all: its first bytes say which, its name may say anything. */
public final class Unpacked {
    private static final int BUFFER = 1 << 16;
    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b52ffd;

    private Unpacked() {}

    /** The content; the caller closes it. */
    public static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            in.mark(Integer.BYTES);
            int first = 0;
            for (byte each : in.readNBytes(Integer.BYTES)) {
                first = (first << Byte.SIZE) | (each & 0xff);
            }
            in.reset();
            if (first >>> Short.SIZE == GZIP) {
                return new GZIPInputStream(in, BUFFER);
            }
            return first == ZSTD ? new BufferedInputStream(new ZstdInputStream(in), BUFFER) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
