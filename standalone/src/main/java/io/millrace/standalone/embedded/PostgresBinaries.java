package io.millrace.standalone.embedded;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs: an archive on the class path, unpacked once per machine user into the user's cache. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /** The folder with bin, lib and share; unpacked now if this archive was not unpacked before. */
    static Path unpacked() throws IOException {
        String archive = "postgres-" + system() + "-" + architecture() + ".txz";
        byte[] bytes;
        try (InputStream in = PostgresBinaries.class.getClassLoader().getResourceAsStream(archive)) {
            if (in == null) {
                throw new StartFailedException("No PostgreSQL for " + system() + " on " + architecture()
                        + " comes with Millrace (" + archive + " is not on the class path).");
            }
            bytes = in.readAllBytes();
        }
        Path cache = UserCache.folder();
        Path target = cache.resolve("postgres-" + digest(bytes));
        if (!Files.isDirectory(target)) {
            Files.createDirectories(cache);
            Path partial = Files.createTempDirectory(cache, "postgres-partial-");
            try {
                unpack(bytes, partial);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                // Another process unpacked the same archive meanwhile; theirs is as good.
                Folders.delete(partial);
            }
        }
        return target;
    }

    private static void unpack(byte[] archive, Path folder) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException(entry.getName() + " leads out of the archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path);
                    if (isProgram(entry.getName()) && !path.toFile().setExecutable(true, false)) {
                        throw new IOException(path + " cannot be made executable");
                    }
                }
            }
        }
    }

    private static boolean isProgram(String name) {
        return name.startsWith("bin/") || name.startsWith("./bin/");
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : "linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "");
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> name;
        };
    }
}
