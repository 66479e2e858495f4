package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.identity.Traceparent;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class RecordHeadersTest {
    @Test
    void put_writesWhatAsyncapiPromises() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        Traceparent trace = Traceparent.begin();

        RecordHeaders.put(headers, RecordHeaders.Schema.EVENT, trace);

        List<String> written = new ArrayList<>();
        headers.forEach(header -> written.add(header.key() + "=" + new String(header.value(), UTF_8)));
        assertThat(written)
                .containsExactly("content-type=application/json", "schema=event/1.0", "traceparent=" + trace.value());
        assertThat(RecordHeaders.traceparent(headers)).contains(trace);
    }

    @Test
    void traceparent_isEmpty_whereThereIsNoneThatCanBeRead() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        RecordHeaders.put(headers, RecordHeaders.Schema.EVENT, null);
        assertThat(RecordHeaders.traceparent(headers)).isEmpty();

        headers.add(RecordHeaders.TRACEPARENT, "01-what".getBytes(UTF_8));
        assertThat(RecordHeaders.traceparent(headers)).isEmpty();
    }
}
