package io.millrace.processor.observe;

import java.util.Objects;

/**
 * Whether one part is ready.
 *
 * @param part its name, such as {@code streams}, {@code models}, {@code store}
 * @param ready whether an event posted now would get through it
 * @param detail why not, or how it is
 */
public record Health(String part, boolean ready, String detail) {
    public Health {
        Objects.requireNonNull(part, "part");
        Objects.requireNonNull(detail, "detail");
    }
}
