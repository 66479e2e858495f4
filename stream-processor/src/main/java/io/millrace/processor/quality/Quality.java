package io.millrace.processor.quality;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.identity.ModelVersion;
import io.millrace.model.Manifest;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks of a process share of model quality: which versions are watched and how, and the latest counts for the
 * meters. Thread-safe.
 */
public final class Quality {
    private final QualityConfig config;
    private final QualityMeters meters;
    private final QualityBoard board;
    private volatile Rules rules = Rules.NONE;
    private volatile long refreshedAt;
    private volatile @Nullable Set<ModelVersion> scoring;

    public Quality(QualityConfig config, MeterRegistry registry) {
        this.config = config;
        this.meters = new QualityMeters(registry);
        this.board = new QualityBoard(registry);
    }

    /**
     * Watches a version from now on, where its manifest says how; also one that scored before and whose predictions may
     * still wait for their outcome. Costs nothing where it is known.
     */
    public void watch(Manifest manifest) {
        if (Rule.isFor(manifest) && rules.of(manifest.model()) == null) {
            synchronized (this) {
                rules = rules.with(new Rule(manifest));
            }
        }
    }

    /** From now on these versions score, and no others: the meters of those go when nothing of them changes any more. */
    public void scoring(Set<ModelVersion> versions) {
        scoring = versions;
    }

    public QualityConfig config() {
        return config;
    }

    /** Makes the meters' rows anew, if that is due. */
    void refresh(long nowMillis) {
        if (nowMillis - refreshedAt >= config.every().toMillis()) {
            refreshedAt = nowMillis;
            Set<ModelVersion> kept = scoring;
            if (kept != null) {
                board.retain(kept, Instant.ofEpochMilli(nowMillis).minus(config.window()));
            }
            board.refresh();
        }
    }

    Rules rules() {
        return rules;
    }

    QualityMeters meters() {
        return meters;
    }

    QualityBoard board() {
        return board;
    }
}
