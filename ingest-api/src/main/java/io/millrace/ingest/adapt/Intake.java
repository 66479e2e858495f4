package io.millrace.ingest.adapt;

import io.millrace.identity.Source;
import io.millrace.ingest.validate.Batch;
import io.millrace.ingest.validate.EventReader;
import io.millrace.ingest.validate.Framing;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.ValidationLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** From candidates to what the acceptor takes: each is held against the rules of {@code POST /v1/events}. Thread-safe. */
public final class Intake {
    /**
     * What a batch may add to each of its events, in bytes. Adapters hold the limit against what was sent; a translation may
     * say half of it twice.
     */
    public static final int ADDED = 8 * 1024;

    private final EventReader reader;

    /** @param limits of events as they were sent */
    public Intake(ValidationLimits limits) {
        this.reader = new EventReader(new ValidationLimits(
                2 * limits.eventBytes() + ADDED, limits.batchEvents(), limits.nesting(), limits.future()));
    }

    /** Reads them in their order; at least one, as of no event there is no outcome. */
    public Batch read(List<Candidate> candidates, Source source, Instant received) {
        List<Posted> posted = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            posted.add(read(posted.size(), candidate, source, received));
        }
        return new Batch(posted);
    }

    private Posted read(int index, Candidate candidate, Source source, Instant received) {
        if (candidate instanceof Candidate.Untranslated bad) {
            return new Posted.Invalid(index, bad.id(), bad.refusal(), bad.sent());
        }
        byte[] event = ((Candidate.Translated) candidate).event();
        Posted posted =
                reader.read(event, Framing.JSON, source, received).posted().get(0);
        if (posted instanceof Posted.Invalid bad) {
            return new Posted.Invalid(index, bad.id(), bad.refusal(), bad.payload());
        }
        return new Posted.Valid(index, ((Posted.Valid) posted).event());
    }
}
