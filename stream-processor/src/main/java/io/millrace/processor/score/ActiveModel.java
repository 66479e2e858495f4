package io.millrace.processor.score;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Manifest;
import io.millrace.prediction.Role;
import io.millrace.processor.model.LoadedModel;
import org.jspecify.annotations.Nullable;

/**
 * A model that scores, and the part it has.
 *
 * @param loaded shared by all threads; each makes its own scorer of it
 * @param role of its predictions
 * @param watch that stops it where it fails; null for a champion, whose failures are dead letters
 */
public record ActiveModel(
        LoadedModel loaded, Role role, @Nullable Watch watch) {
    public ActiveModel {
        if ((role == Role.CHAMPION) != (watch == null)) {
            throw new IllegalArgumentException(
                    role.text() + " " + loaded.manifest().model() + ": expected a watch, unless it is champion");
        }
    }

    /** A version whose predictions count. */
    public static ActiveModel champion(LoadedModel loaded) {
        return new ActiveModel(loaded, Role.CHAMPION, null);
    }

    /** Of the version that scores. */
    public Manifest manifest() {
        return loaded.manifest();
    }

    /** Which version scores. */
    public ModelVersion version() {
        return loaded.manifest().model();
    }

    /** Whether it failed too often and is not run any more. */
    boolean isStopped() {
        return watch != null && watch.isStopped();
    }
}
