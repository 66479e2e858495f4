package io.millrace.standalone.embedded;

import java.nio.file.Path;

/** Where things go that can be made again: {@code $XDG_CACHE_HOME/millrace} or {@code ~/.cache/millrace}. */
public final class UserCache {
    private UserCache() {}

    public static Path folder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(cache);
        return base.resolve("millrace").toAbsolutePath();
    }
}
