package io.millrace.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Each kind of damage is found, and costs the one task that has it. */
class LocalStateTest {
    private static final List<String> STORES =
            List.of("rocksdb/users", "rocksdb/quality", "seen/seen.1763683200000", "seen/seen.1763769600000");

    /** Made once: it takes a while. */
    private static @Nullable Path template;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Path application;
    private final LocalState state;

    private interface Harm {
        void to(Path task) throws IOException;
    }

    static Stream<Arguments> damages() {
        return Stream.<Stream<Arguments>>of(
                        always("table cut", task -> Harms.truncate(table(task.resolve("rocksdb/users")))),
                        always("table empty", task -> Files.write(table(task.resolve("rocksdb/users")), new byte[0])),
                        always("table gone", task -> Files.delete(table(task.resolve("rocksdb/quality")))),
                        always("block overwritten", task -> Harms.overwrite(table(task.resolve("rocksdb/users")), 20)),
                        always(
                                "block of a day overwritten",
                                task -> Harms.overwrite(table(task.resolve(STORES.get(2))), 20)),
                        always("current gone", task -> Files.delete(task.resolve("rocksdb/users/CURRENT"))),
                        always(
                                "current of a day gone",
                                task -> Files.delete(task.resolve(STORES.get(3)).resolve("CURRENT"))),
                        always(
                                "current empty",
                                task -> Files.write(task.resolve("rocksdb/users/CURRENT"), new byte[0])),
                        always(
                                "current garbage",
                                task -> Files.write(
                                        task.resolve("rocksdb/users/CURRENT"), new byte[] {0, 7, -1, '\n'})),
                        always(
                                "manifest gone",
                                task -> Files.delete(file(task.resolve("rocksdb/quality"), "MANIFEST-"))),
                        noted("manifest cut", task -> Harms.truncate(file(task.resolve("rocksdb/users"), "MANIFEST-"))),
                        noted(
                                "manifest of a day cut",
                                task -> Harms.truncate(file(task.resolve(STORES.get(2)), "MANIFEST-"))),
                        always("end of a manifest overwritten", task -> {
                            Path manifest = file(task.resolve(STORES.get(2)), "MANIFEST-");
                            Harms.overwrite(manifest, Files.size(manifest) - 8);
                        }),
                        always(
                                "manifest overwritten",
                                task -> Harms.overwrite(file(task.resolve("rocksdb/users"), "MANIFEST-"), 10)),
                        noted("store gone", task -> Harms.delete(task.resolve("rocksdb/users"))),
                        noted("store empty", task -> {
                            Harms.delete(task.resolve("rocksdb/users"));
                            Files.createDirectory(task.resolve("rocksdb/users"));
                        }),
                        always("store is a file", task -> {
                            Harms.delete(task.resolve("rocksdb/users"));
                            Files.createFile(task.resolve("rocksdb/users"));
                        }),
                        noted("stores gone", task -> Harms.delete(task.resolve("rocksdb"))),
                        noted("day gone", task -> Harms.delete(task.resolve(STORES.get(2)))),
                        noted("days gone", task -> Harms.delete(task.resolve("seen"))),
                        always("day without a name", task -> Files.createDirectory(task.resolve("seen/lost+found"))),
                        always(
                                "checkpoint",
                                task -> Files.writeString(
                                        task.resolve(".checkpoint"), "0\n1\nmillrace-processor-users")),
                        noted(
                                "note garbage",
                                task -> Files.write(task.resolve("millrace-stores"), new byte[] {0, -1, 'x'})),
                        always("a file", task -> {
                            Harms.delete(task);
                            Files.createFile(task);
                        }))
                .flatMap(rows -> rows);
    }

    /** Found also after a crash, when there is no note. */
    private static Stream<Arguments> always(String name, Harm harm) {
        return Stream.of(Arguments.of(Named.of(name, harm), true), Arguments.of(Named.of(name, harm), false));
    }

    private static Stream<Arguments> noted(String name, Harm harm) {
        return Stream.of(Arguments.of(Named.of(name, harm), true));
    }

    @BeforeAll
    static void make(@TempDir Path folder) throws Exception {
        for (String store : STORES) {
            make(folder.resolve("0_3"), store);
        }
        template = folder;
    }

    LocalStateTest(@TempDir Path application) throws IOException {
        this.application = application;
        state = new LocalState(application, meters);
        Harms.copy(Objects.requireNonNull(template).resolve("0_3"), application.resolve("0_3"));
        Harms.copy(
                template.resolve("0_3").resolve(STORES.get(0)),
                application.resolve("0_4").resolve(STORES.get(0)));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void damagedTask_isDeleted_andTheOtherStays(Harm harm, boolean ended) throws IOException {
        if (ended) {
            state.note();
        }
        harm.to(application.resolve("0_3"));
        List<Path> before = files("0_4");

        state.check();

        assertThat(application.resolve("0_3")).doesNotExist();
        before.removeIf(file -> file.endsWith("millrace-stores"));
        assertThat(files("0_4")).isEqualTo(before);
        assertThat(meters.get("millrace.state.damaged").counter().count()).isEqualTo(1);
    }

    @Test
    void nothingIsTouched_whenNothingIsDamaged() throws IOException {
        List<Path> before = files("");

        state.note();
        state.check();

        assertThat(files("")).isEqualTo(before);
        assertThat(meters.get("millrace.state.damaged").counter().count()).isZero();
    }

    /** After a crash there is no note, and there may be the beginnings of a store. Streams knows by itself what is stale. */
    @Test
    void nothingIsTouched_afterACrash() throws IOException {
        Harms.delete(application.resolve("0_3").resolve(STORES.get(3)));
        Files.createDirectory(application.resolve("0_3").resolve(STORES.get(3)));
        Files.createFile(application.resolve("0_3").resolve(STORES.get(3)).resolve("LOCK"));
        Files.createFile(application.resolve("instance"));
        List<Path> before = files("");

        state.check();

        assertThat(files("")).isEqualTo(before);
    }

    @Test
    void thereMayBeNoState() throws IOException {
        new LocalState(application.resolve("none"), meters).check();

        assertThat(application.resolve("none")).doesNotExist();
    }

    /** As Streams makes them: without a log of writes, and with a second column family. */
    private static void make(Path task, String name) throws IOException, RocksDBException {
        RocksDB.loadLibrary();
        Path store = Files.createDirectories(task.resolve(name));
        List<ColumnFamilyHandle> families = new ArrayList<>();
        try (DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
                FlushOptions flush = new FlushOptions();
                RocksDB made = RocksDB.open(
                        options,
                        store.toString(),
                        List.of(
                                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
                                new ColumnFamilyDescriptor("offsets".getBytes(UTF_8))),
                        families)) {
            for (int i = 0; i < 100; i++) {
                made.put(("user" + i).getBytes(UTF_8), new byte[100]);
            }
            made.put(families.get(1), "status".getBytes(UTF_8), new byte[8]);
            made.flush(flush, families);
            families.forEach(ColumnFamilyHandle::close);
        }
    }

    private List<Path> files(String task) throws IOException {
        try (Stream<Path> files = Files.walk(application.resolve(task))) {
            return new ArrayList<>(files.sorted().toList());
        }
    }

    /** The first, in which are the users. */
    private static Path table(Path store) throws IOException {
        return file(store, "0", ".sst");
    }

    private static Path file(Path store, String prefix) throws IOException {
        return file(store, prefix, "");
    }

    private static Path file(Path store, String prefix, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)
                            && file.toString().endsWith(suffix))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
