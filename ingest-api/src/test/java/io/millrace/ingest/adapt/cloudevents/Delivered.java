package io.millrace.ingest.adapt.cloudevents;

import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.ValidationLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Deliveries on the way that they take through the door, up to the acceptor. */
final class Delivered {
    static final ValidationLimits LIMITS = new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24));
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00.000Z");
    static final String JSON = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";
    private static final Intake INTAKE = new Intake(CloudEvents.limits(LIMITS));

    private Delivered() {}

    static List<Posted> structured(String body) {
        return posted(JSON, List.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    static List<Posted> batch(String body) {
        return posted(BATCH, List.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    /** With what must be there, where the headers do not say it themselves. */
    static List<Posted> binary(String contentType, Map<String, String> headers, byte[] data) {
        List<Map.Entry<String, String>> all = new ArrayList<>(headers.entrySet());
        Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-source", "/s", "ce-type", "t", "ce-subject", "u1")
                .forEach((name, value) -> {
                    if (headers.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                        all.add(Map.entry(name, value));
                    }
                });
        return posted(contentType, all, data);
    }

    static List<Posted> posted(String contentType, List<Map.Entry<String, String>> headers, byte[] body) {
        return INTAKE.read(
                        CloudEvents.adapter(contentType, headers, null, LIMITS)
                                .orElseThrow()
                                .read(body)
                                .candidates(),
                        new Source("shop"),
                        NOW)
                .posted();
    }

    static Event event(List<Posted> posted) {
        if (posted.get(0) instanceof Posted.Invalid refused) {
            throw new AssertionError(refused.refusal());
        }
        return ((Posted.Valid) posted.get(0)).event();
    }

    static Posted.Invalid refused(List<Posted> posted) {
        return (Posted.Invalid) posted.get(0);
    }
}
