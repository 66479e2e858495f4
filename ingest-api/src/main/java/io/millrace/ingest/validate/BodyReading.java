package io.millrace.ingest.validate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.ingest.outcome.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One body while it is read. Not thread-safe. */
final class BodyReading {
    private final ValidationLimits limits;
    private final JsonFactory json;
    private final byte[] body;
    private final Source source;
    private final Instant received;
    private final TextScan scan;
    private final List<Posted> posted = new ArrayList<>();

    BodyReading(ValidationLimits limits, JsonFactory json, byte[] body, Source source, Instant received) {
        this.limits = limits;
        this.json = json;
        this.body = body;
        this.source = source;
        this.received = received;
        this.scan = TextScan.of(body);
    }

    /** The body is one object or one array. */
    Batch readValue() {
        read(0, body.length, true);
        return posted.isEmpty() ? whole(emptyBatch()) : new Batch(posted);
    }

    /** Each line of the body is one object. */
    Batch readLines() {
        int from = 0;
        while (from < body.length) {
            int to = from;
            while (to < body.length && body[to] != '\n') {
                to++;
            }
            if (!isBlank(from, to)) {
                if (posted.size() == limits.batchEvents()) {
                    return whole(batchTooLarge());
                }
                read(from, to, false);
            }
            from = to + 1;
        }
        return posted.isEmpty() ? whole(emptyBatch()) : new Batch(posted);
    }

    private void read(int from, int to, boolean arrays) {
        int before = posted.size();
        // An array that breaks off takes back the events before the break: what follows a break cannot be trusted
        // either.
        Refusal broken = null;
        try (JsonParser parser = json.createParser(scan.readable(), from, to - from)) {
            JsonToken first = parser.nextToken();
            if (arrays && first == JsonToken.START_ARRAY) {
                broken = readElements(parser, from);
            } else if (first != null) {
                posted.add(readEvent(parser, first, from));
            }
            if (broken == null && first != null && parser.nextToken() != null) {
                broken =
                        new Refusal(Reason.INVALID_JSON, "the body: given more text after its end, expected one value");
            }
        } catch (StreamConstraintsException e) {
            broken = Refusal.of(
                    Reason.TOO_DEEP,
                    "the body",
                    "nesting beyond all measure",
                    "at most " + limits.nesting() + " levels");
        } catch (JsonProcessingException e) {
            broken = scan.firstFlaw(from, to).orElseGet(() -> malformed(e, posted.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
        if (broken != null) {
            posted.subList(before, posted.size()).clear();
            posted.add(new Posted.Invalid(before, null, broken, new Slice(body, from, to - from)));
        }
    }

    private @Nullable Refusal readElements(JsonParser parser, int from) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (posted.size() == limits.batchEvents()) {
                return batchTooLarge();
            }
            posted.add(readEvent(parser, token, from));
        }
        return null;
    }

    private Posted readEvent(JsonParser parser, JsonToken token, int base) throws IOException {
        int index = posted.size();
        int from = base + (int) parser.currentTokenLocation().getByteOffset();
        if (token != JsonToken.START_OBJECT) {
            String given = JsonTypes.describe(parser, token);
            parser.skipChildren();
            return new Posted.Invalid(
                    index,
                    null,
                    Refusal.of(Reason.NOT_AN_OBJECT, "the event", given, "an object"),
                    slice(parser, from, base));
        }
        EventFields fields = new EventFields(limits, body, base);
        fields.read(parser);
        Slice slice = slice(parser, from, base);
        Refusal refusal = scan.firstFlaw(from, from + slice.length()).orElse(null);
        if (refusal != null) {
            return new Posted.Invalid(index, null, refusal, slice);
        }
        if (slice.length() > limits.eventBytes()) {
            refusal = Refusal.of(
                    Reason.EVENT_TOO_LARGE, "the event", slice.length() + " bytes", "at most " + limits.eventBytes());
            return new Posted.Invalid(index, fields.id(), refusal, slice);
        }
        Event event = fields.event(source, received);
        return event != null
                ? new Posted.Valid(index, event)
                : new Posted.Invalid(
                        index, fields.id(), Objects.requireNonNull(fields.refusal(), "why there is no event"), slice);
    }

    private Slice slice(JsonParser parser, int from, int base) {
        return new Slice(body, from, base + (int) parser.currentLocation().getByteOffset() - from);
    }

    private Batch whole(Refusal refusal) {
        return new Batch(List.of(new Posted.Invalid(0, null, refusal, new Slice(body, 0, body.length))));
    }

    private Refusal batchTooLarge() {
        return new Refusal(
                Reason.BATCH_TOO_LARGE,
                "the body: given more than " + limits.batchEvents() + " events, expected at most that many");
    }

    private static Refusal emptyBatch() {
        return new Refusal(Reason.EMPTY_BATCH, "the body: given no event, expected at least one");
    }

    private static Refusal malformed(JsonProcessingException e, int event) {
        return new Refusal(
                Reason.INVALID_JSON,
                "event " + event + ": given no JSON from byte "
                        + e.getLocation().getByteOffset() + " on, expected a JSON object");
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
