package io.millrace.standalone.data;

import io.millrace.standalone.embedded.StartFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A data folder that this process holds: one Millrace runs on it at a time. The lock is the operating system's, so a
 * killed process leaves none behind.
 */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the folder; makes it if there is none.
     *
     * @throws StartFailedException if another process holds it or it cannot be written
     */
    public static DataFolder take(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            Path file = path.resolve("lock");
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String holder = Files.readString(file, StandardCharsets.UTF_8).strip();
                channel.close();
                throw new StartFailedException("Millrace already runs on " + path
                        + (holder.isEmpty() ? "" : " (process " + holder + ")")
                        + ": stop it, or give another folder with --data.");
            }
            String self = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)), 0);
            return new DataFolder(path, channel);
        } catch (IOException e) {
            close(channel);
            throw new StartFailedException("The data folder " + path + " cannot be used: " + e, e);
        }
    }

    public Path path() {
        return path;
    }

    /** The broker's logs. */
    public Path kafka() {
        return path.resolve("kafka");
    }

    /** The database's cluster. */
    public Path postgres() {
        return path.resolve("postgres");
    }

    /** The topology's local state. */
    public Path state() {
        return path.resolve("state");
    }

    /** Log files. */
    public Path logs() {
        return logs(path);
    }

    /** Log files of the Millrace on a data folder. */
    public static Path logs(Path folder) {
        return folder.resolve("logs");
    }

    /** Lets another process take it. */
    @Override
    public void close() {
        close(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
