package io.millrace.standalone.chaos.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system in memory that can be made full, where this user may mount one. */
public final class SmallDisk implements AutoCloseable {
    private static final int SECONDS = 10;
    private static final long KIB = 1024;
    /** Beyond what is used, in KiB, when a disk is made full. */
    private static final long MOST_SLACK = 32 * KIB;

    private final Path folder;
    private final int megabytes;
    private volatile boolean full;

    private SmallDisk(Path folder, int megabytes) {
        this.folder = folder;
        this.megabytes = megabytes;
    }

    /** Whether this user may, tried out. */
    static boolean isPossible(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return run(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()))
                && run(List.of("umount", folder.toString()));
    }

    /** @throws IOException if it cannot be mounted */
    static SmallDisk mount(Path folder, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        SmallDisk disk = new SmallDisk(folder, megabytes);
        if (!run(List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()))) {
            throw new IOException("a small disk cannot be mounted at " + folder);
        }
        return disk;
    }

    /** From now on it has hardly more room than what is used. */
    public void fill() throws IOException, InterruptedException {
        full = true;
        // Who writes to it meanwhile may need more than there was: the system refuses less than what is used.
        for (long slack = 16; !isResized(used() / KIB + slack + "k"); slack *= 2) {
            if (slack > MOST_SLACK) {
                throw new IOException("the small disk at " + folder + " cannot be made full");
            }
        }
    }

    private long used() throws IOException {
        FileStore store = Files.getFileStore(folder);
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }

    public boolean isFull() {
        return full;
    }

    /** There is room again. */
    public void empty() throws IOException, InterruptedException {
        if (!isResized(megabytes + "m")) {
            throw new IOException("the small disk at " + folder + " cannot be made " + megabytes + " MiB again");
        }
        full = false;
    }

    private boolean isResized(String size) throws InterruptedException {
        return run(List.of("mount", "-o", "remount,size=" + size, folder.toString()));
    }

    private static boolean run(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            boolean unused = run(List.of("umount", "-l", folder.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("unmounting " + folder + " was interrupted");
        }
    }
}
