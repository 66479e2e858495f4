package io.millrace.ingest.receive;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the door listens.
 *
 * @param host to bind
 * @param port to bind; 0 picks a free one
 * @param eventLoops that serve; 0 takes one for each processor
 * @param connections open at once; one more is closed at once
 * @param bodyBytes of one body, as sent and decompressed
 * @param headDeadline from a connection's beginning to the end of its first request's head
 * @param bodyDeadline from the head of a request to the end of its body
 * @param requestDeadline from the end of the body to the answer
 * @param stall after which a client that takes nothing of its answer is cut off
 * @param leastRate bytes a second of a long answer that a client takes, once it was waited for {@code stall} in all
 * @param idle after which a connection without traffic is closed
 * @param drain how long a closing door waits for what is in flight
 * @param tls where the door speaks it itself
 * @param corsOrigins of pages that a browser lets talk to the door; a star for all
 * @param sdkOrigins of pages that a browser lets talk to the operations that are for SDKs of others; a star for all
 */
public record HttpConfig(
        String host,
        int port,
        int eventLoops,
        int connections,
        int bodyBytes,
        Duration headDeadline,
        Duration bodyDeadline,
        Duration requestDeadline,
        Duration stall,
        long leastRate,
        Duration idle,
        Duration drain,
        Optional<Tls> tls,
        List<String> corsOrigins,
        List<String> sdkOrigins) {
    public HttpConfig {
        corsOrigins = List.copyOf(corsOrigins);
        sdkOrigins = List.copyOf(sdkOrigins);
    }
}
