package io.millrace.processor.score;

import io.millrace.model.Manifest;
import io.millrace.prediction.Role;
import io.millrace.processor.model.LoadedModel;

/**
 * A model that scores, and the part it has.
 *
 * @param loaded shared by all threads; each makes its own scorer of it
 * @param role of its predictions
 */
public record ActiveModel(LoadedModel loaded, Role role) {
    Manifest manifest() {
        return loaded.manifest();
    }
}
