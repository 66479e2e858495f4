package io.millrace.ingest;

import io.millrace.config.Key;
import io.millrace.config.SharedKeys;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.ask.AskKeys;
import io.millrace.ingest.query.QueryKeys;
import io.millrace.ingest.query.event.EventsKeys;
import io.millrace.ingest.query.live.LiveKeys;
import io.millrace.ingest.receive.mqtt.MqttKeys;
import io.millrace.log.LogKeys;
import io.millrace.trace.TraceKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings of ingest-api. */
public final class IngestKeys {
    public static final Key<String> HOST =
            Key.text("ingest.http.host", "127.0.0.1", "Address to listen on; loopback unless told otherwise.");

    public static final Key<Integer> PORT =
            Key.integer("ingest.http.port", 8080, 0, 65_535, "Port to listen on; 0 picks a free one.");

    public static final Key<Integer> EVENT_LOOPS = Key.integer(
            "ingest.http.event-loops", 0, 0, 1_024, "Threads that serve HTTP; 0 takes one for each processor.");

    public static final Key<Integer> CONNECTIONS = Key.integer(
            "ingest.http.connections",
            0,
            0,
            1_000_000,
            "Connections that are open at once; one more is closed. 0 takes one for each 32 KiB of the heap.");

    public static final Key<Integer> BODY_BYTES = Key.integer(
            "ingest.http.body-bytes",
            1024 * 1024,
            1_024,
            64 * 1024 * 1024,
            "Most bytes of a body, as sent and decompressed; more is answered with 413.");

    public static final Key<Duration> HEAD_DEADLINE = Key.duration(
            "ingest.http.head-deadline",
            "10s",
            "Most time from a connection's beginning, its TLS handshake included, to the end of its first request's head.");

    public static final Key<String> TLS_CERTIFICATE = Key.text(
            "ingest.http.tls.certificate",
            "",
            "PEM file of the server's certificate and those that lead to its root; empty speaks no TLS. Read again when it"
                    + " changes.");

    public static final Key<String> TLS_KEY = Key.text(
            "ingest.http.tls.key", "", "PEM file of the certificate's key, unencrypted. Read again when it changes.");

    public static final Key<List<String>> CORS_ORIGINS = new Key<>(
            "ingest.http.cors-origins",
            "",
            "origins such as https://shop.example, separated by commas, or *",
            "Origins whose pages a browser lets talk to the door; empty for none, * for all.",
            false,
            IngestKeys::parseOrigins);

    public static final Key<List<String>> SDK_ORIGINS = new Key<>(
            "ingest.http.sdk-origins",
            "*",
            "origins such as https://shop.example, separated by commas, or *",
            "Origins whose pages may post events by the SDKs of others (docs/producers.md); a write key lets them in, no cookie"
                    + " does. Empty for none, * for all.",
            false,
            IngestKeys::parseOrigins);

    public static final Key<Duration> BODY_DEADLINE =
            Key.duration("ingest.http.body-deadline", "20s", "Most time from a request's head to the end of its body.");

    public static final Key<Duration> REQUEST_DEADLINE = Key.duration(
            "ingest.http.request-deadline",
            "5s",
            "Most time from the end of a body to the answer; more than ingest.kafka.delivery-timeout.");

    public static final Key<Duration> STALL = Key.duration(
            "ingest.http.stall", "30s", "Time after which a client that takes nothing of its answer is cut off.");

    public static final Key<Long> LEAST_RATE = Key.bytes("ingest.http.least-rate", 64 * 1024, 1, 1L << 40, """
            Bytes a second that a client takes of a long answer on average, once it was waited for ingest.http.stall in all; \
            one that takes less is cut off.""");

    public static final Key<Duration> IDLE =
            Key.duration("ingest.http.idle", "75s", "Time without traffic after which a connection is closed.");

    public static final Key<Duration> DRAIN =
            Key.duration("ingest.http.drain", "10s", "Most time that a closing door waits for requests in flight.");

    public static final Key<Integer> EVENT_BYTES =
            Key.integer("ingest.events.bytes", 32 * 1024, 256, 512 * 1024, "Most bytes of one event as it was posted.");

    public static final Key<Integer> BATCH =
            Key.integer("ingest.events.batch", 2_500, 1, 100_000, "Most events in one body.");

    public static final Key<Integer> NESTING = Key.integer(
            "ingest.events.nesting", 64, 2, 900, "Most levels of objects and arrays in one event, itself the first.");

    public static final Key<Duration> FUTURE =
            Key.duration("ingest.events.future", "24h", "How far a producer's time may lie after the time of receipt.");

    public static final Key<Integer> IN_FLIGHT_REQUESTS = Key.integer(
            "ingest.in-flight.requests", 16_384, 1, 1_000_000, "Requests that are served at once; more get 429.");

    public static final Key<Long> IN_FLIGHT_BYTES = Key.bytes(
            "ingest.in-flight.bytes",
            0,
            0,
            1L << 40,
            "Bytes of bodies that are served at once; more get 429. 0 takes an eighth of the heap.");

    public static final Key<Duration> RETRY_AFTER = Key.duration(
            "ingest.retry-after", "1s", "What a client is told to wait with a 429 or 503; rounded up to seconds.");

    public static final Key<Map<Sha256, Source>> WRITE_KEYS = new Key<>(
            "ingest.write-keys",
            "",
            "source=sha256,source=sha256,… with 64 hexadecimal digits each",
            "Write keys by source: the SHA-256 of each key, in hexadecimal, so that the keys are kept nowhere.",
            true,
            IngestKeys::parseWriteKeys);

    public static final Key<Integer> RATE = Key.integer(
            "ingest.rate.events",
            200_000,
            0,
            WriteKey.MAX_RATE,
            "Events a second that a source may post at one door, where its write key has no rate of its own; more get 429. 0"
                    + " for no limit.");

    public static final Key<Duration> BURST = Key.duration(
            "ingest.rate.burst",
            "2s",
            "How many seconds of its rate a source may post at once after a silence; 1ms to 10m.");

    public static final Key<String> JWT_SECRET = Key.secret(
            "ingest.jwt.secret",
            "",
            "Secret of at least 32 bytes (HS384: 48, HS512: 64) that signs tokens; empty means that none by secret is taken.");

    public static final Key<String> JWT_ISSUER =
            Key.text("ingest.jwt.issuer", "millrace", "The iss that a token must have.");

    public static final Key<String> JWT_AUDIENCE =
            Key.text("ingest.jwt.audience", "millrace", "The aud that a token must have.");

    public static final Key<Duration> JWT_LEEWAY =
            Key.duration("ingest.jwt.leeway", "30s", "How far clocks may differ when exp and nbf are checked.");

    public static final Key<Duration> LINGER = Key.duration(
            "ingest.kafka.linger", "2ms", "How long an event waits for others to share a request to Kafka.");

    public static final Key<Long> BUFFER_BYTES = Key.bytes(
            "ingest.kafka.buffer-bytes",
            0,
            0,
            1L << 40,
            "Bytes of records that Kafka has not acknowledged yet; more get 503. 0 takes an eighth of the heap, at most"
                    + " 64 MiB.");

    public static final Key<Duration> DELIVERY_TIMEOUT = Key.duration(
            "ingest.kafka.delivery-timeout", "4s", "Time after which an event that Kafka has not acknowledged failed.");

    public static final Key<String> PROCESSOR_READY_URL = Key.text(
            "ingest.processor.ready-url",
            "",
            "URL that answers 200 when stream-processor is ready, asked every second for /readyz; empty asks nobody.");

    private static final List<Key<?>> OWN = List.of(
            HOST,
            PORT,
            EVENT_LOOPS,
            CONNECTIONS,
            BODY_BYTES,
            CORS_ORIGINS,
            SDK_ORIGINS,
            HEAD_DEADLINE,
            TLS_CERTIFICATE,
            TLS_KEY,
            BODY_DEADLINE,
            REQUEST_DEADLINE,
            STALL,
            LEAST_RATE,
            IDLE,
            DRAIN,
            EVENT_BYTES,
            BATCH,
            NESTING,
            FUTURE,
            IN_FLIGHT_REQUESTS,
            IN_FLIGHT_BYTES,
            RETRY_AFTER,
            WRITE_KEYS,
            RATE,
            BURST,
            JWT_SECRET,
            JWT_ISSUER,
            JWT_AUDIENCE,
            JWT_LEEWAY,
            LINGER,
            BUFFER_BYTES,
            DELIVERY_TIMEOUT,
            PROCESSOR_READY_URL);

    /** Every key that ingest-api reads: its own, its questions', the read side's, and those it shares. */
    public static final List<Key<?>> ALL = Stream.of(
                    OWN,
                    MqttKeys.ALL,
                    TokenKeys.ALL,
                    AskKeys.ALL,
                    QueryKeys.ALL,
                    LiveKeys.ALL,
                    EventsKeys.ALL,
                    SharedKeys.ALL,
                    LogKeys.ALL,
                    TraceKeys.ALL)
            .<Key<?>>flatMap(List::stream)
            .toList();

    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[A-Za-z0-9.\\[\\]:-]+");

    private IngestKeys() {}

    private static List<String> parseOrigins(String text) {
        List<String> origins = new ArrayList<>();
        for (String origin : text.isBlank() ? new String[0] : text.split(",", -1)) {
            if (!ORIGIN.matcher(origin.trim()).matches()) {
                throw new IllegalArgumentException("no origin");
            }
            origins.add(origin.trim());
        }
        return origins;
    }

    private static Map<Sha256, Source> parseWriteKeys(String text) {
        Map<Sha256, Source> keys = new LinkedHashMap<>();
        if (text.isBlank()) {
            return keys;
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("no = in a write key");
            }
            Sha256 hash = new Sha256(pair.substring(equals + 1).trim());
            if (keys.put(hash, new Source(pair.substring(0, equals).trim())) != null) {
                throw new IllegalArgumentException("a write key stands twice");
            }
        }
        return keys;
    }
}
