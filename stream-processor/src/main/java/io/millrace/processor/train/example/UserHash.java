package io.millrace.processor.train.example;

import io.millrace.identity.Sha256;
import io.millrace.identity.UserKey;
import java.nio.charset.StandardCharsets;

/** Places users between 0 and 1, evenly, always the same; by each hash another way, so that no choice tells of another. */
enum UserHash {
    /** Which part of the training a user is in. */
    PART(0),
    /** Whether a row without a time is in the test. */
    TEST(8),
    /** Whether a user is looked at, at all. */
    SAMPLE(16);

    private static final double HASHES = 0x1p32;
    private static final int DIGITS = 8;

    private final int from;

    UserHash(int from) {
        this.from = from;
    }

    double of(UserKey user) {
        String hex = Sha256.of(user.text().getBytes(StandardCharsets.UTF_8)).hex();
        return Long.parseLong(hex.substring(from, from + DIGITS), 16) / HASHES;
    }
}
