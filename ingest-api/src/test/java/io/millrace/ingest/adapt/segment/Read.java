package io.millrace.ingest.adapt.segment;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.identity.Source;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.ValidationLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Bodies on the way that they take through the door, up to the acceptor. */
final class Read {
    static final ValidationLimits LIMITS = new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24));
    static final Source SHOP = new Source("shop");
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00.000Z");

    private static final Intake INTAKE = new Intake(LIMITS);

    private Read() {}

    static List<Posted> batch(String body) {
        return posted(SegmentAdapter.ofBatches(LIMITS), body.getBytes(StandardCharsets.UTF_8));
    }

    static List<Posted> call(EventKind kind, String body) {
        return posted(SegmentAdapter.of(kind, LIMITS), body.getBytes(StandardCharsets.UTF_8));
    }

    static List<Posted> posted(SegmentAdapter adapter, byte[] body) {
        return INTAKE.read(adapter.read(body).candidates(), SHOP, NOW).posted();
    }

    static Event event(List<Posted> posted) {
        return ((Posted.Valid) posted.get(0)).event();
    }

    static Posted.Invalid refused(List<Posted> posted) {
        return (Posted.Invalid) posted.get(0);
    }
}
