package io.millrace.ingest.ask;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.protobuf.ByteString;
import io.millrace.codec.EventCodec;
import io.millrace.grpc.v1.UserRef;
import io.millrace.grpc.v1.WhatIf;
import io.millrace.identity.Source;
import io.millrace.ingest.validate.Batch;
import io.millrace.ingest.validate.EventReader;
import io.millrace.ingest.validate.Framing;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.Slice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Events that have not happened, made as those that have: each gets its user, goes through the door's own checks, and is
 * encoded as the record that would be on the topic. What the processor then says of them is what it would say.
 */
final class WhatIfEvents {
    static final int MOST = 100;

    private WhatIfEvents() {}

    /**
     * Makes them.
     *
     * @throws IllegalArgumentException with a sentence for the client
     */
    static WhatIf of(UserRef user, List<Slice> events, EventReader reader, Instant received) {
        if (events.isEmpty() || events.size() > MOST) {
            throw new IllegalArgumentException("events: given " + events.size() + ", expected 1 to " + MOST);
        }
        byte[] body = withUser(user, events);
        Batch batch = reader.read(body, Framing.JSON, new Source(user.getSource()), received);
        WhatIf.Builder whatIf = WhatIf.newBuilder().setUser(user);
        for (Posted posted : batch.posted()) {
            if (posted instanceof Posted.Invalid invalid) {
                throw new IllegalArgumentException(
                        "events[" + invalid.index() + "]: " + invalid.refusal().detail());
            } else if (posted instanceof Posted.Valid valid) {
                whatIf.addEvents(ByteString.copyFrom(EventCodec.encode(valid.event())));
            }
        }
        return whatIf.build();
    }

    /** The array as it would have been posted: each event with its user's id, which an event of its own must not have. */
    private static byte[] withUser(UserRef user, List<Slice> events) {
        boolean isKnown = user.getIdCase() == UserRef.IdCase.USER_ID;
        byte[] field = ((isKnown ? "\"userId\":\"" : "\"anonymousId\":\"")
                        + new String(JsonStringEncoder.getInstance()
                                .quoteAsString(isKnown ? user.getUserId() : user.getAnonymousId()))
                        + '"')
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        char before = '[';
        for (Slice event : events) {
            body.write(before);
            body.write('{');
            body.writeBytes(field);
            if (!isEmpty(event)) {
                body.write(',');
            }
            body.write(event.bytes(), event.offset() + 1, event.length() - 1);
            before = ',';
        }
        body.write(']');
        return body.toByteArray();
    }

    private static boolean isEmpty(Slice object) {
        for (int i = object.offset() + 1; i < object.offset() + object.length() - 1; i++) {
            if (object.bytes()[i] > ' ' || object.bytes()[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
