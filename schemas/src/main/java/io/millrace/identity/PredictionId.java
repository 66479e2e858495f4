package io.millrace.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.UUID;

/**
 * A prediction's id, a pure function of the event and the model version: whoever scores the event again makes the same
 * id, so a consumer can drop doubles and the store can insert twice.
 *
 * @param value a name-based UUID, version 5 (RFC 9562, section 5.5)
 */
public record PredictionId(UUID value) {
    /** Of this system alone, made once at random. */
    private static final UUID NAMESPACE = UUID.fromString("6c6f8f7e-5d0b-4a54-9f0a-2a1b7a0f4c11");

    public PredictionId {
        Objects.requireNonNull(value, "value");
    }

    public static PredictionId of(Source source, EventId event, ModelVersion model) {
        MessageDigest sha1;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
        ByteBuffer namespace = ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits());
        sha1.update(namespace.array());
        // No part but the last can hold a NUL: a source, a model and a version have their own alphabets.
        sha1.update((source.name() + '\0' + model.name() + '\0' + model.version() + '\0' + event.value())
                .getBytes(StandardCharsets.UTF_8));
        ByteBuffer digest = ByteBuffer.wrap(sha1.digest());
        long most = (digest.getLong() & ~0xF000L) | 0x5000L;
        long least = (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new PredictionId(new UUID(most, least));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
