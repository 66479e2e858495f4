package io.millrace.standalone.replay;

import io.millrace.processor.train.file.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** How many lines a file has, packed or not: what makes a progress bar full. */
public final class LineCount {
    private static final int BUFFER = 1 << 16;

    private LineCount() {}

    public static long of(Path file) throws IOException {
        try (InputStream in = Unpacked.open(file)) {
            byte[] buffer = new byte[BUFFER];
            long lines = 0;
            byte last = '\n';
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                last = read > 0 ? buffer[read - 1] : last;
            }
            return last == '\n' ? lines : lines + 1;
        }
    }
}
