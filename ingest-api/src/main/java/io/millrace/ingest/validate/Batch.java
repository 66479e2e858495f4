package io.millrace.ingest.validate;

import java.util.List;

/**
 * What a body held, in its order.
 *
 * @param posted at least one: a body that is no events at all is one refusal
 */
public record Batch(List<Posted> posted) {
    public Batch {
        posted = List.copyOf(posted);
    }
}
