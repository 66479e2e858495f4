package io.millrace.processor.serve;

import io.millrace.identity.UserKey;
import io.millrace.processor.score.ScoreStores;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Interactive queries on the topology's state. What they read is what the stream thread has taken in, the cache included,
 * so also what its transaction has not committed yet: after a crash the same events come again and make the same state.
 *
 * <p>Only a running active task is asked. While a partition is being moved or restored its old state would be wrong and
 * its new one is not there, so it is {@link Users.Lookup.NotNow}.
 */
final class StreamsUsers implements Users {
    private static final ByteArraySerializer KEYS = new ByteArraySerializer();

    private final KafkaStreams streams;
    private final HostInfo self;

    /** @param self the streams' own application.server */
    StreamsUsers(KafkaStreams streams, HostInfo self) {
        this.streams = streams;
        this.self = self;
    }

    @Override
    public Lookup find(UserKey user) {
        byte[] key = user.text().getBytes(StandardCharsets.UTF_8);
        try {
            KeyQueryMetadata owner = streams.queryMetadataForKey(ScoreStores.USERS, key, KEYS);
            if (owner == null
                    || owner.equals(KeyQueryMetadata.NOT_AVAILABLE)
                    || owner.activeHost().equals(HostInfo.unavailable())) {
                return new Lookup.NotNow("no processor owns the user's partition yet");
            }
            if (!owner.activeHost().equals(self)) {
                return new Lookup.Elsewhere(
                        owner.activeHost().host(), owner.activeHost().port());
            }
            return read(key, owner.partition());
        } catch (StreamsNotStartedException e) {
            return new Lookup.NotNow("the processor is starting");
        } catch (InvalidStateStoreException | IllegalStateException e) {
            // What Streams throws when it closes a store or itself under the query.
            return new Lookup.NotNow("the processor's state is " + streams.state() + ", expected RUNNING");
        }
    }

    private Lookup read(byte[] key, int partition) {
        Map<Integer, QueryResult<byte[]>> results = streams.query(StateQueryRequest.inStore(ScoreStores.USERS)
                        .withQuery(KeyQuery.<byte[], byte[]>withKey(key))
                        .withPartitions(Set.of(partition))
                        .requireActive())
                .getPartitionResults();
        QueryResult<byte[]> result = results.get(partition);
        if (result == null) {
            return new Lookup.NotNow("the state of partition " + partition + " is not here yet");
        }
        if (result.isFailure()) {
            return new Lookup.NotNow("the state of partition " + partition + " is being moved or restored");
        }
        return new Lookup.Here(result.getResult());
    }
}
