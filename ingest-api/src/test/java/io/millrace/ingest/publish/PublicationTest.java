package io.millrace.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PublicationTest {
    @Test
    void isDone_whenTheLastAcknowledgementIsIn() {
        Publication publication = new Publication(2);

        publication.onCompletion(null, null);
        assertThat(publication.done()).isNotDone();
        publication.onCompletion(null, null);

        assertThat(publication.done()).isCompleted();
    }

    @Test
    void fails_onlyWhenNothingIsOutstanding() {
        Publication publication = new Publication(2);

        publication.onCompletion(null, new TimeoutException("late"));
        assertThat(publication.done()).isNotDone();
        publication.onCompletion(null, null);

        assertThat(publication.done()).isCompletedExceptionally();
    }
}
