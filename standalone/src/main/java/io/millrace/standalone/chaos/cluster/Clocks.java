package io.millrace.standalone.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Wall clocks of parts that can be set wrong while they run, by libfaketime. Their monotonic clocks stay right. */
public final class Clocks {
    private static final List<String> PLACES = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib64/faketime/libfaketime.so.1",
            "/usr/lib/faketime/libfaketime.so.1");

    private final Path folder;
    private final Path library;

    Clocks(Path folder, Path library) {
        this.folder = folder;
        this.library = library;
    }

    /** The library, where this machine has it. */
    public static Optional<Path> library() {
        return PLACES.stream().map(Path::of).filter(Files::exists).findFirst();
    }

    /** What a part is started with so that its clock can be set. */
    Map<String, String> environment(String part) throws IOException {
        set(part, 0);
        Map<String, String> environment = new HashMap<>();
        environment.put("LD_PRELOAD", library.toString());
        environment.put("FAKETIME_TIMESTAMP_FILE", file(part).toString());
        environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        // Its "fix" of timed waits on the monotonic clock makes every waiting thread of a JVM spin.
        environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        environment.put("FAKETIME_CACHE_DURATION", "1");
        return environment;
    }

    /** Sets a part's clock so many seconds wrong; it sees that within a second. */
    public void set(String part, long seconds) throws IOException {
        Files.writeString(file(part), (seconds < 0 ? "" : "+") + seconds + "\n");
    }

    private Path file(String part) {
        return folder.resolve(part + ".clock");
    }
}
