package io.millrace.codec;

import static io.millrace.codec.JsonWriter.name;
import static io.millrace.codec.RecordReader.required;

import io.millrace.deadletter.LetterId;
import io.millrace.deadletter.Reason;
import io.millrace.deadletter.Redrive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Redrives, as json/redrive.schema.json says: a record's value on redrives and a header on user-events, the same bytes. */
public final class RedriveCodec {
    private static final byte[] LETTER = name("{\"letter\"");
    private static final byte[] ATTEMPT = name(",\"attempt\"");
    private static final byte[] AT = name(",\"at\"");
    private static final byte[] TAKEN = ",\"taken\":true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MODEL = name(",\"model\"");
    private static final int USUAL_LENGTH = 128;

    private RedriveCodec() {}

    public static byte[] encode(Redrive redrive) {
        JsonWriter json = new JsonWriter(USUAL_LENGTH);
        json.text(LETTER, redrive.letter().text());
        json.number(ATTEMPT, redrive.attempt());
        json.instant(AT, redrive.at());
        if (redrive.taken()) {
            json.raw(TAKEN);
        }
        json.optional(MODEL, redrive.model());
        json.raw('}');
        return json.toByteArray();
    }

    /**
     * Reads a redrive.
     *
     * @throws DecodeException if the bytes are none
     */
    public static Redrive decode(byte[] bytes) throws DecodeException {
        String letter = null;
        long attempt = 0;
        Instant at = null;
        boolean taken = false;
        @Nullable String model = null;
        try (RecordReader reader = new RecordReader(bytes)) {
            reader.begin();
            for (String field = reader.field(); field != null; field = reader.field()) {
                switch (field) {
                    case "letter" -> letter = reader.text(field);
                    case "attempt" -> attempt = reader.longValue(field);
                    case "at" -> at = reader.instant(field);
                    case "taken" -> taken = reader.flag(field);
                    case "model" -> model = reader.text(field);
                    default -> reader.skip();
                }
            }
            reader.end();
            return new Redrive(
                    LetterId.parse(required(letter, "letter")),
                    (int) Math.min(Integer.MAX_VALUE, attempt),
                    required(at, "at"),
                    taken,
                    model);
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }
}
