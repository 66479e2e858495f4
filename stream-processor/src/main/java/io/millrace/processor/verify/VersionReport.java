package io.millrace.processor.verify;

import io.millrace.identity.ModelVersion;
import io.millrace.identity.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of the predictions of one version.
 *
 * @param model name and version
 * @param sha256 of the artifact that scored, as the predictions say
 * @param predictions how many
 * @param equal of them, bit for bit
 * @param close of them, within the tolerance and not bit for bit
 * @param differing the rest of those that could be verified
 * @param largest of the distances from a stored score to the one of now; 0 where none is
 * @param unverifiable why none of them could be verified, as one sentence; null where they could
 */
public record VersionReport(
        ModelVersion model,
        Sha256 sha256,
        int predictions,
        int equal,
        int close,
        List<Difference> differing,
        double largest,
        @Nullable String unverifiable) {
    public VersionReport {
        differing = List.copyOf(differing);
    }

    /** How many could not be verified. */
    public int without() {
        return unverifiable == null ? 0 : predictions;
    }
}
