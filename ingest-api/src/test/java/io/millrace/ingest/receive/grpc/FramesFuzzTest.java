package io.millrace.ingest.receive.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.grpc.v1.PostedEvent;
import io.millrace.grpc.v1.PublishRequest;
import io.millrace.identity.Source;
import io.millrace.ingest.validate.EventReader;
import io.millrace.ingest.validate.Framing;
import io.millrace.ingest.validate.Posted;
import io.millrace.ingest.validate.ValidationLimits;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever comes as gRPC frames: messages or not, events or not, and never more events than were sent. */
class FramesFuzzTest {
    private static final int USUAL = 2_000;
    private static final int LIMIT = 64 * 1024;

    private final EventReader reader =
            new EventReader(new ValidationLimits(32 * 1024, 2_500, 64, Duration.ofHours(24)));

    @Test
    void frames_becomeMessages_orAreRefused() {
        BadInput inputs = new BadInput(FuzzRun.seed(), messages());

        Map<String, Long> outcomes = FuzzRun.run(
                "gRPC", FuzzRun.inputs(USUAL), () -> framed(inputs), bytes -> taken(bytes, 1 + bytes.length % 1_000));

        assertThat(outcomes).containsKeys("events", "MALFORMED", "TOO_LARGE", "no message", "amidst");
    }

    private String taken(byte[] bytes, int chunk) {
        List<Frames.Message> whole = new ArrayList<>();
        int[] held = new int[1];
        Frames frames = new Frames(LIMIT, more -> (held[0] += more) <= 8 * LIMIT);
        for (int at = 0; at < bytes.length; at += chunk) {
            Frames.Fed fed =
                    frames.feed(Buffer.buffer(bytes).getBuffer(at, Math.min(bytes.length, at + chunk)), whole::add);
            if (fed != Frames.Fed.FINE) {
                return fed.name();
            }
        }
        assertThat(held[0]).isLessThanOrEqualTo(2 * bytes.length);
        String outcome = frames.isAmidst() ? "amidst" : "nothing";
        for (Frames.Message message : whole) {
            outcome = read(message.bytes());
        }
        return outcome;
    }

    private String read(byte[] message) {
        PublishRequest request;
        try {
            request = PublishRequest.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            return "no message";
        }
        EventLines lines = Desk.lines(request.getEventsList());
        List<Posted> posted = reader.read(
                        lines.bytes(), Framing.NDJSON, new Source("web"), Instant.EPOCH.plusSeconds(1_800_000_000))
                .posted();
        if (request.getEventsCount() > 0 && request.getEventsCount() <= 2_500) {
            assertThat(posted).as("one outcome an event").hasSize(request.getEventsCount());
        }
        return posted.get(0) instanceof Posted.Valid ? "events" : "refused events";
    }

    /** A message, mutated or not, with a header that is right, or nearly. */
    private static byte[] framed(BadInput inputs) {
        byte[] message = inputs.choose(3) == 0 ? request(inputs).toByteArray() : inputs.next();
        int length = inputs.choose(8) == 0 ? inputs.choose(1 << 20) : message.length;
        return Buffer.buffer()
                .appendByte((byte) (inputs.choose(20) == 0 ? inputs.choose(256) : 0))
                .appendInt(inputs.choose(50) == 0 ? -length : length)
                .appendBytes(message)
                .getBytes();
    }

    /** Texts and JSON that anybody may put into a message. */
    private static PublishRequest request(BadInput inputs) {
        PublishRequest.Builder request = PublishRequest.newBuilder();
        for (int i = inputs.choose(4); i > 0; i--) {
            request.addEvents(PostedEvent.newBuilder()
                    .setUserId("u" + inputs.choose(9))
                    .setName(inputs.choose(3) == 0 ? text(inputs) : "product_viewed")
                    .setPropertiesJson(inputs.choose(2) == 0 ? text(inputs) : "{\"price\":1}")
                    .setTimestamp(inputs.choose(3) == 0 ? text(inputs) : ""));
        }
        return request.build();
    }

    private static String text(BadInput inputs) {
        return new String(inputs.next(), StandardCharsets.UTF_8);
    }

    private static List<byte[]> messages() {
        BadInput plain = new BadInput(1, FuzzRun.examples("event"));
        List<byte[]> messages = new ArrayList<>(FuzzRun.examples("event"));
        for (int i = 0; i < 20; i++) {
            messages.add(request(plain).toByteArray());
        }
        messages.removeIf(message -> message.length == 0);
        return messages;
    }
}
