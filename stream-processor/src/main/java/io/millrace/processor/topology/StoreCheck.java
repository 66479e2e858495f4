package io.millrace.processor.topology;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Whether a store's RocksDB can be read, all of it: opening it checks its list of files, and every block is held against
 * its checksum. Nothing is changed.
 */
final class StoreCheck {
    /** Names the manifest in force. Without it RocksDB begins an empty store, and says nothing. */
    private static final String CURRENT = "CURRENT";

    private static final String MANIFEST = "MANIFEST-";
    private static final String TABLE = ".sst";

    private StoreCheck() {}

    /**
     * What is wrong with a store; null where nothing is.
     *
     * @throws IOException if its files cannot be read, which is the disk's or the permissions' fault and not the store's
     */
    static @Nullable String damage(Path store) throws IOException {
        List<String> files = names(store);
        if (!files.contains(CURRENT)) {
            // A store whose making was cut off has neither: there is nothing in it to lose.
            return files.stream().anyMatch(name -> name.startsWith(MANIFEST) || name.endsWith(TABLE))
                    ? CURRENT + " is missing"
                    : null;
        }
        String manifest = new String(Files.readAllBytes(store.resolve(CURRENT)), StandardCharsets.ISO_8859_1).strip();
        if (!manifest.startsWith(MANIFEST)) {
            return CURRENT + " names no manifest";
        }
        if (!files.contains(manifest)) {
            return manifest + " is missing";
        }
        try {
            return read(store.toString());
        } catch (RocksDBException e) {
            for (String name : files) {
                readable(store.resolve(name));
            }
            return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
    }

    /**
     * What a store consists of while it is closed: its files with their sizes. RocksDB takes a manifest that was cut for the
     * end of a write, and a table that no manifest names for a leftover.
     */
    static List<String> contents(Path store) throws IOException {
        List<String> contents = new ArrayList<>();
        if (Files.isDirectory(store)) {
            for (String name : names(store)) {
                if (name.equals(CURRENT) || name.startsWith(MANIFEST) || name.endsWith(TABLE)) {
                    contents.add(name + ", " + Files.size(store.resolve(name)));
                }
            }
        }
        return contents;
    }

    private static @Nullable String read(String store) throws RocksDBException {
        try (Options options = new Options();
                DBOptions database = new DBOptions();
                ColumnFamilyOptions family = new ColumnFamilyOptions()) {
            List<ColumnFamilyDescriptor> families = RocksDB.listColumnFamilies(options, store).stream()
                    .map(name -> new ColumnFamilyDescriptor(name, family))
                    .toList();
            if (families.isEmpty()) {
                return "its manifest cannot be read";
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            try (RocksDB opened = RocksDB.openReadOnly(database, store, families, handles)) {
                try {
                    opened.verifyChecksum();
                    return null;
                } finally {
                    handles.forEach(ColumnFamilyHandle::close);
                }
            }
        }
    }

    private static void readable(Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
