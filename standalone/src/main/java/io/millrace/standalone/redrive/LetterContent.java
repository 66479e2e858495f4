package io.millrace.standalone.redrive;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.DeadLetter.Stage;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.ingest.validate.EventReader;
import io.millrace.ingest.validate.Framing;
import io.millrace.ingest.validate.Posted;
import io.millrace.layout.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a letter can be put back as. What the door refused is read by the door's own rules, as they are now. */
sealed interface LetterContent {
    /** Records for user-events. */
    record Events(List<Put> records) implements LetterContent {
        public Events {
            records = List.copyOf(records);
        }
    }

    /** Nothing: it stays. */
    record Stays(Why why) implements LetterContent {}

    /** One record. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    record Put(byte[] key, byte[] value) {}

    /** Why a letter stays. */
    enum Why {
        REDRIVEN("put back before"),
        ERASED("of a user that was erased since"),
        ATTEMPTS("tried too often (--max-attempts)"),
        NO_EVENT("of a prediction or a profile: there is no event in it to put back"),
        NO_BYTES("without bytes: a record without a value was refused"),
        TRUNCATED("longer than what dead letters keep"),
        NO_SOURCE("of the door and without a source"),
        STILL_REFUSED("still no event by the present rules"),
        UNREADABLE("no dead letter of this release");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        /** As a report says it, after a number. */
        public String text() {
            return text;
        }
    }

    static LetterContent of(DeadLetter letter, EventReader door) {
        byte[] payload = letter.payload();
        boolean ofAnEvent =
                letter.origin() == null || Layout.isEvents(letter.origin().topic());
        if (letter.stage() == Stage.PRODUCE || letter.stage() == Stage.STORE || !ofAnEvent) {
            return new Stays(Why.NO_EVENT);
        } else if (payload == null) {
            return new Stays(Why.NO_BYTES);
        } else if (letter.truncated()) {
            return new Stays(Why.TRUNCATED);
        }
        return letter.stage() == Stage.VALIDATE ? posted(letter, payload, door) : recorded(payload);
    }

    private static LetterContent recorded(byte[] payload) {
        try {
            return new Events(List.of(new Put(key(EventCodec.decode(payload)), payload)));
        } catch (DecodeException e) {
            return new Stays(Why.STILL_REFUSED);
        }
    }

    /** As received when it was: its time is that of then where its producer said none. All or none of a batch. */
    private static LetterContent posted(DeadLetter letter, byte[] payload, EventReader door) {
        Source source = letter.source();
        if (source == null) {
            return new Stays(Why.NO_SOURCE);
        }
        List<Put> records = new ArrayList<>();
        for (Posted posted : door.read(payload, framing(letter, payload), source, letter.failedAt())
                .posted()) {
            if (!(posted instanceof Posted.Valid valid)) {
                return new Stays(Why.STILL_REFUSED);
            }
            records.add(new Put(key(valid.event()), EventCodec.encode(valid.event())));
        }
        return new Events(records);
    }

    /** One event was refused as JSON, whichever framing it came in; a whole body may have been lines. */
    private static Framing framing(DeadLetter letter, byte[] payload) {
        boolean isLines = letter.reason() == Reason.BATCH_TOO_LARGE && payload.length > 0 && payload[0] == '{';
        return isLines ? Framing.NDJSON : Framing.JSON;
    }

    private static byte[] key(Event event) {
        return event.user().text().getBytes(StandardCharsets.UTF_8);
    }
}
