package io.millrace.standalone.chaos.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** 64 bits of SHA-256 over a prediction's fields, so that a topic and a table can be compared without keeping either. */
final class Fingerprint {
    private final StringBuilder fields = new StringBuilder();

    /** Null is a value of its own. */
    Fingerprint add(@Nullable Object field) {
        fields.append(field).append('\u0000');
        return this;
    }

    Fingerprint addFloat(float field) {
        return add(Integer.toHexString(Float.floatToIntBits(field)));
    }

    long value() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(fields.toString().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
