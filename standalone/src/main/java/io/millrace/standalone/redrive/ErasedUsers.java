package io.millrace.standalone.redrive;

import io.millrace.codec.DecodeException;
import io.millrace.codec.ErasureCodec;
import io.millrace.event.Erasure;
import io.millrace.identity.Sha256;
import io.millrace.identity.UserKey;
import io.millrace.standalone.redrive.LetterContent.Events;
import io.millrace.standalone.redrive.LetterContent.Put;
import io.millrace.standalone.redrive.LetterContent.Stays;
import io.millrace.standalone.redrive.LetterContent.Why;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Who was erased, and when: what was refused of them before is not put back. Not thread-safe. */
final class ErasedUsers {
    private final Map<Sha256, Instant> erased = new HashMap<>();

    /** A record on erasures; a foreign one is passed over. */
    void note(ConsumerRecord<byte[], byte[]> found) {
        if (found.value() != null) {
            try {
                Erasure erasure = ErasureCodec.decode(found.value());
                erased.merge(erasure.hash(), erasure.at(), (one, other) -> one.isAfter(other) ? one : other);
            } catch (DecodeException e) {
                // As the store has it, which says so.
            }
        }
    }

    /** What is left of a letter that was refused then. */
    LetterContent without(LetterContent content, Instant failedAt) {
        if (erased.isEmpty() || !(content instanceof Events events)) {
            return content;
        }
        List<Put> left = events.records().stream()
                .filter(put -> !isErased(put, failedAt))
                .toList();
        return left.isEmpty() ? new Stays(Why.ERASED) : new Events(left);
    }

    private boolean isErased(Put put, Instant failedAt) {
        Instant at = erased.get(Erasure.hash(UserKey.parse(new String(put.key(), StandardCharsets.UTF_8))));
        return at != null && !failedAt.isAfter(at);
    }
}
