package io.millrace.codec;

import static io.millrace.codec.JsonWriter.name;
import static io.millrace.codec.RecordReader.required;

import io.millrace.deadletter.Reason;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.WriteKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Write keys on sources, as json/write-key.schema.json says. */
public final class WriteKeyCodec {
    private static final byte[] SHA256 = name("{\"sha256\"");
    private static final byte[] SOURCE = name(",\"source\"");
    private static final byte[] RATE = name(",\"rate\"");
    private static final byte[] ENABLED = ",\"enabled\":true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DISABLED = ",\"enabled\":false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CREATED_AT = name(",\"createdAt\"");
    private static final byte[] CREATED_BY = name(",\"createdBy\"");
    private static final int USUAL_LENGTH = 256;

    private WriteKeyCodec() {}

    public static byte[] encode(WriteKey key) {
        JsonWriter json = new JsonWriter(USUAL_LENGTH);
        json.text(SHA256, key.sha256().hex());
        json.text(SOURCE, key.source().name());
        if (key.rate() != null) {
            json.number(RATE, key.rate());
        }
        json.raw(key.enabled() ? ENABLED : DISABLED);
        json.instant(CREATED_AT, key.createdAt());
        json.text(CREATED_BY, key.createdBy());
        json.raw('}');
        return json.toByteArray();
    }

    /**
     * Reads a write key.
     *
     * @throws DecodeException if the bytes are none
     */
    public static WriteKey decode(byte[] bytes) throws DecodeException {
        String sha256 = null;
        String source = null;
        Integer rate = null;
        Boolean enabled = null;
        Instant createdAt = null;
        String createdBy = null;
        try (RecordReader reader = new RecordReader(bytes)) {
            reader.begin();
            for (String field = reader.field(); field != null; field = reader.field()) {
                switch (field) {
                    case "sha256" -> sha256 = reader.text(field);
                    case "source" -> source = reader.text(field);
                    case "rate" -> rate = reader.intValue(field);
                    case "enabled" -> enabled = reader.flag(field);
                    case "createdAt" -> createdAt = reader.instant(field);
                    case "createdBy" -> createdBy = reader.text(field);
                    default -> reader.skip();
                }
            }
            reader.end();
            return new WriteKey(
                    new Sha256(required(sha256, "sha256")),
                    new Source(required(source, "source")),
                    rate,
                    required(enabled, "enabled"),
                    required(createdAt, "createdAt"),
                    required(createdBy, "createdBy"));
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }
}
