package io.millrace.standalone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AnswerReadingTest {
    private static final String ANSWER = String.join(
            "\r\n",
            "HTTP/1.1 202 Accepted",
            "x: content-length: 9",
            "Content-Length: 12",
            "content-type: application/json",
            "",
            "{\"taken\":1}\n");

    private final AnswerReading reading = new AnswerReading();

    @Test
    void answerEnds_withItsLastByte_howeverItIsCut() {
        for (int cut = 1; cut < ANSWER.length(); cut++) {
            assertThat(reading.read(bytes(ANSWER.substring(0, cut)))).isFalse();
            assertThat(reading.read(bytes(ANSWER.substring(cut))))
                    .as("cut at %d", cut)
                    .isTrue();
            assertThat(reading.status()).isEqualTo(202);
        }
    }

    @Test
    void whatFollows_staysInTheBuffer() {
        ByteBuffer two = bytes(ANSWER + "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");

        assertThat(reading.read(two)).isTrue();
        assertThat(reading.status()).isEqualTo(202);
        assertThat(reading.read(two)).isTrue();
        assertThat(reading.status()).isEqualTo(503);
        assertThat(two.hasRemaining()).isFalse();
    }

    @Test
    void chunks_areRefused() {
        assertThatThrownBy(() -> reading.read(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")))
                .hasMessageContaining("content-length");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }
}
