package io.millrace.ingest.adapt.cloudevents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.deadletter.Reason;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.adapt.Value;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.TextScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event's data on its way to be properties: an object is them, another JSON value or a text is their member
 * {@code data}, anything else their member {@code data_base64}. The same data become the same properties in every mode.
 */
sealed interface Payload {
    /**
     * It can be properties.
     *
     * @param json one object; none where there is no data
     * @param isObject whether the data itself was that object
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Properties(byte[] json, boolean isObject) implements Payload {}

    /** It is not what its type says. */
    record Unreadable(Refusal refusal) implements Payload {}

    /** An event may have none. */
    Payload NOTHING = new Properties(new byte[0], false);

    /** Of the JSON format's member {@code data}. */
    static Payload of(byte[] body, Value data) {
        byte[] json = Arrays.copyOfRange(body, data.from(), data.to());
        return data.isNull() ? NOTHING : data.isObject() ? new Properties(json, true) : member("data", json);
    }

    /** Of a body in binary mode, or of {@code data_base64}. */
    static Payload of(byte[] data, @Nullable MediaType type) {
        if (data.length == 0) {
            return NOTHING;
        }
        if (type != null && !type.isJson() && !type.isText()) {
            return base64(data);
        }
        byte[] utf8 = type == null ? data : inUtf8(data, type);
        if (type != null && type.isText() && !type.isJson()) {
            return utf8 == null ? base64(data) : text(utf8);
        }
        Payload read = utf8 == null
                ? new Unreadable(Refusal.of(
                        Reason.INVALID_VALUE,
                        "the data's charset",
                        String.valueOf(type == null ? null : type.charset()),
                        "UTF-8, as JSON is"))
                : json(utf8);
        // What says nothing of itself may be anything.
        return type == null && read instanceof Unreadable ? base64(data) : read;
    }

    private static Payload json(byte[] data) {
        int from =
                data.length >= 3 && data[0] == (byte) 0xEF && data[1] == (byte) 0xBB && data[2] == (byte) 0xBF ? 3 : 0;
        byte[] plain = from == 0 ? data : Arrays.copyOfRange(data, from, data.length);
        TextScan scan = TextScan.of(plain);
        Optional<Refusal> flaw = scan.firstFlaw(0, plain.length);
        if (flaw.isPresent()) {
            return new Unreadable(flaw.get());
        }
        try (JsonParser json = BodyJson.FACTORY.createParser(plain)) {
            JsonToken first = json.nextToken();
            if (first == null) {
                return NOTHING;
            }
            json.skipChildren();
            if (json.nextToken() == null) {
                return first == JsonToken.VALUE_NULL
                        ? NOTHING
                        : first == JsonToken.START_OBJECT ? new Properties(plain, true) : member("data", plain);
            }
            return new Unreadable(
                    new Refusal(Reason.INVALID_JSON, "the data: given more text after its end, expected one value"));
        } catch (StreamConstraintsException e) {
            return new Unreadable(
                    new Refusal(Reason.TOO_DEEP, "the data: given nesting beyond all measure, expected 62 levels"));
        } catch (JsonProcessingException e) {
            return new Unreadable(new Refusal(
                    Reason.INVALID_JSON,
                    "the data: given no JSON from byte " + e.getLocation().getByteOffset()
                            + " on, expected JSON, as its type says"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
    }

    private static byte @Nullable [] inUtf8(byte[] data, MediaType type) {
        Charset charset = type.encoding();
        if (charset == null) {
            return null;
        }
        if (charset.equals(StandardCharsets.UTF_8) && type.isJson()) {
            return data;
        }
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(data)).toString().getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static Payload text(byte[] utf8) {
        ObjectText json = new ObjectText();
        json.text(new String(utf8, StandardCharsets.UTF_8));
        return member("data", json.bytes());
    }

    private static Payload base64(byte[] data) {
        ObjectText json = new ObjectText();
        json.quoted(Base64.getEncoder().encodeToString(data));
        return member("data_base64", json.bytes());
    }

    private static Payload member(String name, byte[] json) {
        ObjectText properties = new ObjectText();
        properties.begin();
        properties.name(name);
        properties.json(json);
        properties.end();
        return new Properties(properties.bytes(), false);
    }
}
