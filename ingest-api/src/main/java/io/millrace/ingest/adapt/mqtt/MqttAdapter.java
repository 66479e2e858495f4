package io.millrace.ingest.adapt.mqtt;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.deadletter.Reason;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.Value;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import io.millrace.ingest.validate.TextScan;
import io.millrace.ingest.validate.ValidationLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Messages of MQTT, by the topics that the configuration names: a payload is the properties of what its topic names, or a
 * whole event as {@code POST /v1/events} takes it, which the topic completes where it says less. See docs/producers.md and
 * decision 0041. Thread-safe.
 */
public final class MqttAdapter {
    /** What begins so is meant to be JSON, behind blanks too. */
    private static final String OPENINGS = "{[\"]}";

    private static final String BLANKS = " \t\r\n";

    private final Topics topics;
    private final ValidationLimits limits;

    /** @param limits of events; one of them is held against the payload */
    public MqttAdapter(Topics topics, ValidationLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    /** Whether such messages mean events at all. */
    public boolean knows(String topic) {
        return topics.find(topic).isPresent();
    }

    /** Translates one message; whatever it holds, this throws nothing. */
    public Candidate read(Published published) {
        Published message = published.withPayload(trimmed(published.payload()));
        Optional<Topics.Meaning> meaning = topics.find(message.topic());
        if (meaning.isEmpty()) {
            return untranslated(message, Refusal.of(Reason.MISSING_FIELD, "the topic", message.topic(), "" + topics));
        }
        if (message.payload().length > limits.eventBytes()) {
            return untranslated(
                    message,
                    Refusal.of(
                            Reason.EVENT_TOO_LARGE,
                            "the payload",
                            message.payload().length + " bytes",
                            "at most " + limits.eventBytes()));
        }
        EventText event = new EventText(message, meaning.get().said());
        List<EventText.Field> fields = new ArrayList<>();
        JsonToken first;
        TextScan text = TextScan.of(message.payload());
        try (JsonParser json = BodyJson.FACTORY.createParser(text.readable())) {
            first = read(json, fields);
        } catch (StreamConstraintsException e) {
            return untranslated(
                    message,
                    Refusal.of(
                            Reason.TOO_DEEP,
                            "the payload",
                            "nesting beyond all measure",
                            "at most " + limits.nesting() + " levels"));
        } catch (JsonProcessingException e) {
            Charset charset = meaning.get().hasName() ? words(message.payload(), text) : null;
            return charset != null
                    ? new Candidate.Translated(event.ofText(charset))
                    : untranslated(
                            message,
                            text.firstFlaw(0, message.payload().length)
                                    .orElseGet(() -> new Refusal(
                                            Reason.INVALID_JSON,
                                            "the payload: given no JSON from byte "
                                                    + e.getLocation().getByteOffset() + " on, expected JSON")));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
        if (meaning.get().hasName()) {
            return new Candidate.Translated(event.ofProperties(first));
        }
        return first == JsonToken.START_OBJECT
                ? new Candidate.Translated(event.ofEvent(text.readable(), fields))
                : untranslated(
                        message,
                        Refusal.of(
                                Reason.NOT_AN_OBJECT,
                                "the payload",
                                first == null ? "nothing" : first.name(),
                                "an event, one object"));
    }

    /** Reads one value, all of it and nothing behind it; null where there is none. */
    private static @Nullable JsonToken read(JsonParser json, List<EventText.Field> fields) throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_OBJECT) {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                int from = (int) json.currentTokenLocation().getByteOffset();
                json.nextToken();
                fields.add(new EventText.Field(name, from, Value.read(json)));
            }
        } else if (first != null) {
            json.skipChildren();
            json.finishToken();
        }
        if (json.nextToken() != null) {
            throw new JsonParseException(json, "more text after the end");
        }
        return first;
    }

    /** Without blanks around it, and without the NUL at the end of a text in C. */
    private static byte[] trimmed(byte[] payload) {
        int to = payload.length;
        while (to > 0 && (payload[to - 1] == 0 || BLANKS.indexOf(payload[to - 1]) >= 0)) {
            to--;
        }
        int from = 0;
        while (from < to && BLANKS.indexOf(payload[from]) >= 0) {
            from++;
        }
        return from == 0 && to == payload.length ? payload : Arrays.copyOfRange(payload, from, to);
    }

    /** In which charset it is words, such as the {@code ON} of a switch, and not JSON that went wrong; null for none. */
    private static @Nullable Charset words(byte[] payload, TextScan text) {
        if (OPENINGS.indexOf(payload[0]) >= 0) {
            return null;
        }
        if (text.readable() == payload) {
            return StandardCharsets.UTF_8;
        }
        for (byte each : payload) {
            if (each == 0) {
                return null;
            }
        }
        // The degree sign of many a small display.
        return StandardCharsets.ISO_8859_1;
    }

    private static Candidate untranslated(Published message, Refusal refusal) {
        return new Candidate.Untranslated(
                message.id(), refusal, new Slice(message.payload(), 0, message.payload().length));
    }
}
