package io.millrace.identity;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One immutable version of one model.
 *
 * @param name the model, 1 to 64 characters of {@code a-z 0-9 -}
 * @param version the version, 1 to 32 characters of letters, digits, {@code . _ -}
 */
public record ModelVersion(String name, String version) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    public ModelVersion {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("model name \"" + name + "\": expected " + NAME.pattern());
        }
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("model version \"" + version + "\": expected " + VERSION.pattern());
        }
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
