package io.millrace.ingest.authorize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.WriteKey;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Endpoint.Status;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/sources}: an operator makes write keys, looks at them, changes and revokes them, without a restart. A key is
 * told once, when it is made. Thread-safe.
 */
public final class SourceEndpoints {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final String TYPE = "application/json";
    private static final String PREFIX = "wk_";
    private static final int KEY_BYTES = 32;

    private final WriteKeys keys;
    private final WriteKeyStore store;
    private final Clock clock;
    private final Duration retryAfter;
    private final SecureRandom random = new SecureRandom();

    public SourceEndpoints(WriteKeys keys, WriteKeyStore store, Clock clock, Duration retryAfter) {
        this.keys = keys;
        this.store = store;
        this.clock = clock;
        this.retryAfter = retryAfter;
    }

    /** By operationId. */
    public Map<String, Endpoint> all() {
        return Map.of(
                "createSource", this::create,
                "listSources", this::list,
                "updateSource", this::update,
                "revokeSource", this::revoke);
    }

    /** A body that was wrong: the sentence for its sender. */
    private static final class WrongBodyException extends Exception {
        WrongBodyException(String message) {
            super(message);
        }
    }

    private CompletionStage<Reply> create(Question question) {
        WriteKey key;
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        try {
            JsonNode body = read(question.body(), Set.of("source", "rate", "enabled"));
            key = new WriteKey(
                    Sha256.of(text.getBytes(StandardCharsets.UTF_8)),
                    source(body),
                    rate(body),
                    enabled(body, true),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    question.caller());
        } catch (WrongBodyException e) {
            return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
        }
        return store.create(key)
                .handle((nothing, failure) -> failure == null
                        ? new Reply.Found(
                                Status.CREATED, TYPE, bytes(describe(key).put("writeKey", text)))
                        : away("no key was made"));
    }

    private CompletionStage<Reply> list(Question question) {
        if (!keys.isRead()) {
            return failed(notRead());
        }
        ObjectNode page = JSON.createObjectNode();
        keys.all().forEach(key -> page.withArray("sources").add(describe(key)));
        page.withArray("sources");
        return CompletableFuture.completedFuture(new Reply.Found(TYPE, bytes(page)));
    }

    private CompletionStage<Reply> update(Question question) {
        return withKey(question, key -> {
            WriteKey changed;
            try {
                JsonNode body = read(question.body(), Set.of("rate", "enabled"));
                changed = new WriteKey(
                        key.sha256(),
                        key.source(),
                        body.has("rate") ? rate(body) : key.rate(),
                        enabled(body, key.enabled()),
                        key.createdAt(),
                        key.createdBy());
            } catch (WrongBodyException e) {
                return failed(new Problem.BadRequest(String.valueOf(e.getMessage())));
            }
            return store.change(changed)
                    .handle((nothing, failure) -> failure == null
                            ? new Reply.Found(TYPE, bytes(describe(changed)))
                            : away("the key may have changed or not; try again"));
        });
    }

    private CompletionStage<Reply> revoke(Question question) {
        return withKey(
                question,
                key -> store.remove(key.sha256())
                        .handle((nothing, failure) -> failure == null
                                ? new Reply.Found(Status.NO_CONTENT, TYPE, new byte[0])
                                : away("the key may be revoked or not; try again")));
    }

    private CompletionStage<Reply> withKey(Question question, Function<WriteKey, CompletionStage<Reply>> then) {
        if (!keys.isRead()) {
            return failed(notRead());
        }
        String id = question.path().getOrDefault("keyId", "");
        Optional<WriteKey> key = keys.byId(id);
        if (key.isEmpty()) {
            return failed(new Problem.NotFound("keyId: given " + Refusal.shorten(id)
                    + ", expected the id of a write key, as GET /v1/sources lists it"));
        }
        if (keys.isConfigured(key.get())) {
            return failed(new Problem.Conflict("the write key " + id
                    + " stands in the configuration (ingest.write-keys): it is taken away there, with a restart"));
        }
        return then.apply(key.get());
    }

    private static JsonNode read(byte[] body, Set<String> allowed) throws WrongBodyException {
        JsonNode read;
        try {
            read = JSON.readTree(body);
        } catch (IOException e) {
            throw new WrongBodyException("the body: expected one JSON object");
        }
        if (!read.isObject()) {
            throw new WrongBodyException("the body: expected one JSON object");
        }
        for (Map.Entry<String, JsonNode> field : read.properties()) {
            if (!allowed.contains(field.getKey())) {
                throw new WrongBodyException("the body: given the field " + Refusal.shorten(field.getKey())
                        + ", expected none but " + allowed);
            }
        }
        return read;
    }

    private static Source source(JsonNode body) throws WrongBodyException {
        JsonNode source = body.path("source");
        if (!source.isTextual() || !Source.isValid(source.textValue())) {
            throw new WrongBodyException(
                    "source: expected 1 to 64 of a-z, 0-9, _ and -, of which the first is a letter or a digit");
        }
        return new Source(source.textValue());
    }

    private static @Nullable Integer rate(JsonNode body) throws WrongBodyException {
        JsonNode rate = body.path("rate");
        if (rate.isMissingNode() || rate.isNull()) {
            return null;
        }
        if (!rate.isIntegralNumber()
                || !rate.canConvertToInt()
                || rate.intValue() < 1
                || rate.intValue() > WriteKey.MAX_RATE) {
            throw new WrongBodyException("rate: expected a whole number of events a second, 1 to " + WriteKey.MAX_RATE);
        }
        return rate.intValue();
    }

    private static boolean enabled(JsonNode body, boolean otherwise) throws WrongBodyException {
        JsonNode enabled = body.path("enabled");
        if (enabled.isMissingNode() || enabled.isNull()) {
            return otherwise;
        }
        if (!enabled.isBoolean()) {
            throw new WrongBodyException("enabled: expected true or false");
        }
        return enabled.booleanValue();
    }

    private ObjectNode describe(WriteKey key) {
        ObjectNode described = JSON.createObjectNode();
        described.put("id", key.id());
        described.put("source", key.source().name());
        if (key.rate() != null) {
            described.put("rate", key.rate());
        }
        described.put("enabled", key.enabled());
        described.put("origin", keys.isConfigured(key) ? "configuration" : "api");
        if (!keys.isConfigured(key)) {
            described.put("createdAt", key.createdAt().toString());
            described.put("createdBy", key.createdBy());
        }
        return described;
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        }
    }

    private Reply away(String consequence) {
        return new Reply.Failed(new Problem.Unavailable("Kafka did not acknowledge: " + consequence, retryAfter));
    }

    private Problem notRead() {
        return new Problem.Unavailable("the write keys have not been read from Kafka yet", retryAfter);
    }

    private static CompletionStage<Reply> failed(Problem problem) {
        return CompletableFuture.completedFuture(new Reply.Failed(problem));
    }
}
