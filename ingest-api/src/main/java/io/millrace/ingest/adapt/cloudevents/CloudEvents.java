package io.millrace.ingest.adapt.cloudevents;

import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.validate.ValidationLimits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which adapter reads a request: the content modes of the HTTP protocol binding, section 3. */
public final class CloudEvents {
    /** What a request may say that its body is. */
    public static final String EXPECTED =
            "application/cloudevents+json, application/cloudevents-batch+json, or the type of"
                    + " the data beside ce- headers";

    /**
     * Of an event as it was sent, at least: 64 KiB, which the specification asks for, of data, in base64, with their
     * attributes.
     */
    static final int EVENT_BYTES = 96 * 1024;

    private static final String PLAIN_JSON = "application/json";
    private static final String FORMATS = "application/cloudevents";
    private static final String JSON = FORMATS + "+json";
    private static final String JSON_BATCH = FORMATS + "-batch+json";

    private CloudEvents() {}

    /**
     * The adapter for one request; empty where nobody reads its format.
     *
     * @param key that the request's address names; null where it names none
     * @param headers a character for each byte
     * @param limits of events that are posted
     */
    public static Optional<Adapter> adapter(
            @Nullable String contentType,
            Iterable<Map.Entry<String, String>> headers,
            @Nullable String key,
            ValidationLimits limits) {
        int most = eventBytes(limits);
        MediaType type = MediaType.of(contentType);
        if (type != null && type.name().equals(PLAIN_JSON) && !BinaryAdapter.isSaidBy(headers)) {
            // No event in any mode, but for senders that do not know the format's own type.
            return Optional.of(new Adapter() {
                @Override
                public Adapted read(byte[] body) {
                    return new JsonAdapter(key, most, isArray(body) ? limits.batchEvents() : 0).read(body);
                }

                @Override
                public boolean mayNameSender() {
                    return key != null;
                }
            });
        }
        if (type == null || !type.name().startsWith(FORMATS)) {
            return Optional.of(new BinaryAdapter(key, contentType, headers, most));
        }
        if (!StandardCharsets.UTF_8.equals(type.encoding()) && !StandardCharsets.US_ASCII.equals(type.encoding())) {
            return Optional.empty();
        }
        return switch (type.name()) {
            case JSON_BATCH -> Optional.of(new JsonAdapter(key, most, limits.batchEvents()));
            case JSON -> Optional.of(new JsonAdapter(key, most, 0));
            default -> Optional.empty();
        };
    }

    /** What {@link io.millrace.ingest.adapt.Intake} is to hold translations against. */
    public static ValidationLimits limits(ValidationLimits posted) {
        return new ValidationLimits(eventBytes(posted), posted.batchEvents(), posted.nesting(), posted.future());
    }

    private static boolean isArray(byte[] body) {
        int at = 0;
        while (at < body.length && body[at] <= ' ') {
            at++;
        }
        return at < body.length && body[at] == '[';
    }

    private static int eventBytes(ValidationLimits limits) {
        return Math.max(limits.eventBytes(), EVENT_BYTES);
    }
}
