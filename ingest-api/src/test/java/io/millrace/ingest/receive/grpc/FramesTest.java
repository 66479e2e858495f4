package io.millrace.ingest.receive.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.receive.grpc.Frames.Fed;
import io.millrace.ingest.receive.grpc.Frames.Message;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final List<Message> messages = new ArrayList<>();

    @Test
    void messages_comeOutWhole_howeverTheyArrive() {
        Buffer stream = Buffer.buffer();
        for (int size : new int[] {0, 1, 300, 70_000, 0, 5}) {
            stream.appendByte((byte) 0).appendInt(size).appendBytes(new byte[size]);
        }
        for (int chunk : new int[] {1, 3, 5, 7, 16_384, 100_000}) {
            messages.clear();
            Frames frames = new Frames(100_000, more -> true);
            for (int at = 0; at < stream.length(); at += chunk) {
                assertThat(frames.feed(stream.getBuffer(at, Math.min(stream.length(), at + chunk)), messages::add))
                        .isEqualTo(Fed.FINE);
            }
            assertThat(messages.stream().map(message -> message.bytes().length))
                    .as("chunks of " + chunk)
                    .containsExactly(0, 1, 300, 70_000, 0, 5);
            assertThat(frames.isAmidst()).isFalse();
        }
    }

    @Test
    void announcedMessage_takesNoRoom_beforeItComes() {
        AtomicInteger held = new AtomicInteger();
        Frames frames = new Frames(1 << 20, more -> held.addAndGet(more) < 1_000);

        assertThat(frames.feed(header(0, 1 << 20), messages::add)).isEqualTo(Fed.FINE);
        assertThat(held).hasValue(0);
        assertThat(frames.isAmidst()).isTrue();
        assertThat(frames.feed(Buffer.buffer(new byte[500]), messages::add)).isEqualTo(Fed.FINE);
        assertThat(frames.feed(Buffer.buffer(new byte[500]), messages::add)).isEqualTo(Fed.NO_ROOM);
    }

    @Test
    void wrongMessages_areRefusedByTheirHeader() {
        assertThat(new Frames(10, more -> true).feed(header(0, 11), messages::add))
                .isEqualTo(Fed.TOO_LARGE);
        assertThat(new Frames(10, more -> true).feed(header(0, -1), messages::add))
                .isEqualTo(Fed.TOO_LARGE);
        assertThat(new Frames(10, more -> true).feed(header(7, 1), messages::add))
                .isEqualTo(Fed.MALFORMED);
        assertThat(messages).isEmpty();
    }

    @Test
    void timeouts_areReadAsTheProtocolSays() {
        assertThat(Timeout.parse("250m")).hasValue(Duration.ofMillis(250));
        assertThat(Timeout.parse("99999999H")).hasValue(Duration.ofHours(99_999_999));
        assertThat(Timeout.parse("1u")).hasValue(Duration.ofNanos(1_000));
        assertThat(Timeout.parse(null)).isEmpty();
        assertThat(Timeout.parse("1")).isEmpty();
        assertThat(Timeout.parse("123456789S")).isEmpty();
    }

    private static Buffer header(int flag, int length) {
        return Buffer.buffer().appendByte((byte) flag).appendInt(length);
    }
}
