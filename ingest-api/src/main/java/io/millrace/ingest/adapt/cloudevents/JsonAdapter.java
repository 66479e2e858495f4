package io.millrace.ingest.adapt.cloudevents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.deadletter.Reason;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.Value;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import io.millrace.ingest.validate.TextScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events in the JSON event format: one, or an array of them. */
final class JsonAdapter implements Adapter {
    private static final String DATA = "data";
    private static final String BASE64 = "data_base64";

    private final @Nullable String key;
    private final int mostBytes;
    private final int mostEvents;
    private final boolean isBatch;

    /** @param mostEvents of a batch; 0 where the body is one event */
    JsonAdapter(@Nullable String key, int mostBytes, int mostEvents) {
        this.key = key;
        this.mostBytes = mostBytes;
        this.mostEvents = mostEvents;
        this.isBatch = mostEvents > 0;
    }

    @Override
    public boolean mayNameSender() {
        return key != null;
    }

    @Override
    public Adapted read(byte[] body) {
        TextScan scan = TextScan.of(body);
        List<Candidate> candidates = new ArrayList<>();
        Refusal broken;
        try (JsonParser json = BodyJson.FACTORY.createParser(scan.readable())) {
            broken = read(json, scan, body, candidates);
            if (broken == null && json.nextToken() != null) {
                broken =
                        new Refusal(Reason.INVALID_JSON, "the body: given more text after its end, expected one value");
            }
        } catch (StreamConstraintsException e) {
            broken = new Refusal(
                    Reason.TOO_DEEP, "the body: given nesting beyond all measure, expected at most 64 levels");
        } catch (JsonProcessingException e) {
            broken = new Refusal(
                    Reason.INVALID_JSON,
                    "the body: given no JSON from byte " + e.getLocation().getByteOffset() + " on, expected "
                            + expected());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
        // What follows a break cannot be trusted, and what stands before it comes again with it.
        return new Adapted(
                key,
                broken == null
                        ? candidates
                        : List.of(new Candidate.Untranslated(null, broken, new Slice(body, 0, body.length))));
    }

    private String expected() {
        return isBatch ? "an array of CloudEvents" : "a CloudEvent";
    }

    private @Nullable Refusal read(JsonParser json, TextScan scan, byte[] body, List<Candidate> candidates)
            throws IOException {
        JsonToken first = json.nextToken();
        if (first == null) {
            return new Refusal(Reason.EMPTY_BATCH, "the body: given nothing, expected " + expected());
        }
        if (!isBatch) {
            candidates.add(event(json, scan, body));
            return null;
        }
        if (first != JsonToken.START_ARRAY) {
            return Refusal.of(Reason.WRONG_TYPE, "the body", first.name(), expected());
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (candidates.size() == mostEvents) {
                return new Refusal(
                        Reason.BATCH_TOO_LARGE,
                        "the body: given more than " + mostEvents + " events, expected at most that many");
            }
            candidates.add(event(json, scan, body));
        }
        return null;
    }

    /** The value at which the parser stands. */
    private Candidate event(JsonParser json, TextScan scan, byte[] body) throws IOException {
        int from = (int) json.currentTokenLocation().getByteOffset();
        if (json.currentToken() != JsonToken.START_OBJECT) {
            Value other = Value.read(json);
            return new Candidate.Untranslated(
                    null,
                    Refusal.of(Reason.NOT_AN_OBJECT, "the event", other.token().name(), "an object"),
                    new Slice(body, from, other.to() - from));
        }
        Attributes attributes = new Attributes();
        Value data = null;
        Value base64 = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            Value value = Value.read(json);
            if (name.equals(DATA) && data == null) {
                data = value;
            } else if (name.equals(BASE64) && base64 == null) {
                base64 = value;
            } else if (name.equals(DATA) || name.equals(BASE64)) {
                attributes.refuse(Refusal.of(Reason.DUPLICATE_FIELD, name, "it twice", "it once"));
            } else {
                attributes.put(name, Attribute.of(body, value));
            }
        }
        int to = (int) json.currentLocation().getByteOffset();
        Refusal wrong = to - from <= mostBytes
                ? scan.firstFlaw(from, to).orElse(null)
                : Refusal.of(Reason.EVENT_TOO_LARGE, "the event", (to - from) + " bytes", "at most " + mostBytes);
        Payload payload = wrong == null ? payload(body, attributes, data, base64) : Payload.NOTHING;
        return Translation.of(attributes, payload, wrong, () -> new Slice(body, from, to - from));
    }

    private static Payload payload(byte[] body, Attributes attributes, @Nullable Value data, @Nullable Value base64) {
        if (base64 == null || base64.isNull()) {
            return data == null ? Payload.NOTHING : Payload.of(body, data);
        }
        if (data != null && !data.isNull()) {
            return new Payload.Unreadable(Refusal.of(Reason.DUPLICATE_FIELD, BASE64, "it beside data", "one of both"));
        }
        try {
            if (base64.token() == JsonToken.VALUE_STRING && base64.text() != null) {
                return Payload.of(Base64.getDecoder().decode(base64.text()), attributes.dataType());
            }
            return new Payload.Unreadable(
                    Refusal.of(Reason.WRONG_TYPE, BASE64, base64.token().name(), "a text in base64"));
        } catch (IllegalArgumentException e) {
            return new Payload.Unreadable(Refusal.of(
                    Reason.INVALID_VALUE, BASE64, String.valueOf(base64.text()), "base64 (RFC 4648, section 4)"));
        }
    }
}
