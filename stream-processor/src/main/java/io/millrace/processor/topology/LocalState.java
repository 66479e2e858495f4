package io.millrace.processor.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local state of an application, looked at before Streams opens it: a task whose stores are damaged is deleted, and
 * Streams restores it from its changelogs. Streams by itself does not start over a store that cannot be opened, puts an
 * empty one in the place of one day of seen events that is gone, and finds a bad block when an event needs it.
 *
 * <p>Streams' layout: a folder {@code 0_3} for each task, in it {@code rocksdb/users}, {@code rocksdb/quality} and one
 * {@code seen/seen.MILLIS} a day. After an orderly end each task's folder has a note of its stores' files beside them, which
 * is taken away at the start: after a crash there is none. Used by one thread, while this process has the directory's lock.
 */
public final class LocalState {
    private static final Logger log = LoggerFactory.getLogger(LocalState.class);

    private static final Pattern TASK = Pattern.compile("\\d+_\\d+");
    /** Streams fails over a segment whose name has no time. */
    private static final Pattern STORE = Pattern.compile("rocksdb/.+|(.+)/\\1\\.\\d{1,18}");

    private static final String NOTE = "millrace-stores";
    /** Releases of Streams before 4.3 kept offsets in it. They win over the stores' own, and say nothing of what is there. */
    private static final String CHECKPOINT = ".checkpoint";

    private static final double NANOS = 1e9;

    private final Path application;
    private final Counter damaged;

    /** @param application the folder of an application in the state directory; it need not be there */
    public LocalState(Path application, MeterRegistry registry) {
        this.application = application;
        this.damaged = Counter.builder("millrace.state.damaged")
                .description("Tasks whose local state was found damaged, deleted and restored from the changelogs")
                .register(registry);
    }

    /**
     * Deletes what is damaged.
     *
     * @throws IOException if the disk cannot be read, or something on it not deleted
     */
    public void check() throws IOException {
        long began = System.nanoTime();
        List<Path> tasks = tasks();
        int deleted = 0;
        for (Path task : tasks) {
            String damage;
            try {
                damage = damage(task);
            } catch (IOException e) {
                throw new IOException("local state cannot be read: " + e + ": expected a disk that can be read, or no "
                        + task + ", which would be restored");
            }
            if (damage == null) {
                Files.deleteIfExists(task.resolve(NOTE));
            } else {
                log.atWarn()
                        .addKeyValue("task", task.getFileName())
                        .log(
                                "Local state of task {} is damaged: {}. It is deleted, and restored from the changelogs",
                                task.getFileName(),
                                damage);
                delete(task);
                damaged.increment();
                deleted++;
            }
        }
        if (!tasks.isEmpty()) {
            log.atInfo()
                    .addKeyValue("tasks", tasks.size())
                    .addKeyValue("damaged", deleted)
                    .addKeyValue("seconds", (System.nanoTime() - began) / NANOS)
                    .log("Local state was checked");
        }
    }

    /** Notes what there is. Only after Streams has closed them, all in order. */
    public void note() {
        try {
            for (Path task : tasks()) {
                Path writing = task.resolve(NOTE + ".tmp");
                Files.write(writing, contents(task), StandardCharsets.UTF_8);
                Files.move(writing, task.resolve(NOTE), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            log.warn(
                    "The stores' files could not be noted; one that is lost until the next start may not be noticed",
                    e);
        }
    }

    /** Whether a store failed because its files are not as they were written. */
    public static boolean isDamage(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof RocksDBException found && found.getStatus() != null) {
                return found.getStatus().getCode() == Status.Code.Corruption;
            }
        }
        return false;
    }

    private List<Path> tasks() throws IOException {
        if (!Files.isDirectory(application)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(application)) {
            return files.filter(
                            file -> TASK.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static @Nullable String damage(Path task) throws IOException {
        if (!Files.isDirectory(task)) {
            return "it is a file: expected a folder";
        }
        if (Files.exists(task.resolve(CHECKPOINT))) {
            return CHECKPOINT + " is there: expected none, as no release of Millrace writes it";
        }
        for (Path kind : folders(task)) {
            if (!Files.isDirectory(kind)) {
                return kind.getFileName() + " is a file: expected a folder";
            }
        }
        if (Files.exists(task.resolve(NOTE))) {
            Set<String> there = Set.copyOf(contents(task));
            for (String noted : lines(task.resolve(NOTE))) {
                if (!there.contains(noted)) {
                    return "at its last end it had a file " + noted + " bytes long, which is not there any more";
                }
            }
        }
        for (Path store : stores(task)) {
            String name = name(task, store);
            if (!Files.isDirectory(store) || !STORE.matcher(name).matches()) {
                return name + ": expected a store's folder";
            }
            String damage = StoreCheck.damage(store);
            if (damage != null) {
                return "store " + name + ": " + damage;
            }
        }
        return null;
    }

    /** Of a task, each file of each store with its size. */
    private static List<String> contents(Path task) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path store : stores(task)) {
            for (String file : StoreCheck.contents(store)) {
                contents.add(name(task, store) + "/" + file);
            }
        }
        return contents;
    }

    private static List<String> lines(Path note) throws IOException {
        return new String(Files.readAllBytes(note), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** As in {@code rocksdb/users}, wherever this runs. */
    private static String name(Path task, Path store) {
        return task.relativize(store).toString().replace('\\', '/');
    }

    private static List<Path> folders(Path task) throws IOException {
        try (Stream<Path> files = Files.list(task)) {
            return files.filter(file -> !file.getFileName().toString().startsWith(".")
                            && !file.getFileName().toString().startsWith(NOTE))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> stores(Path task) throws IOException {
        List<Path> stores = new ArrayList<>();
        for (Path kind : folders(task)) {
            try (Stream<Path> files = Files.list(kind)) {
                files.sorted().forEach(stores::add);
            }
        }
        return stores;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
