package io.millrace.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The example files of the contract, as they lie in this module. */
public final class Examples {
    /**
     * One file.
     *
     * @param path below examples/
     * @param bytes as they are
     */
    public record Example(String path, byte[] bytes) {
        /** What an invalid one's name begins with: the code of the reason it is refused for. */
        public String code() {
            String name = path.substring(path.lastIndexOf('/') + 1);
            return name.substring(0, name.indexOf('-')).toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return path;
        }
    }

    private Examples() {}

    /** Every version's examples of a record that lie in {@code valid} or {@code invalid}. */
    public static Stream<Example> of(String record, String verdict) {
        Path root = Path.of("examples");
        try (Stream<Path> files = Files.walk(root.resolve(record))) {
            return files
                    .filter(file -> Files.isRegularFile(file)
                            && file.getName(file.getNameCount() - 2).toString().equals(verdict))
                    .sorted()
                    .map(file -> {
                        try {
                            return new Example(root.relativize(file).toString(), Files.readAllBytes(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
