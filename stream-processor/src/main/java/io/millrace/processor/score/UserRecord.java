package io.millrace.processor.score;

import io.millrace.event.Profile;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds of one user, in one value, so that an event costs one read and one write: the profile and the
 * features' state.
 *
 * <p>Version 1, big-endian: byte version; int length of the traits or -1 for no profile; then, with a profile, long time
 * of its update in milliseconds and the traits as JSON; then the features' state, whose codec has its own version.
 *
 * @param profile null until the first identify
 * @param bytes the whole value, whose end is the state
 * @param stateOffset where the state begins
 */
record UserRecord(@Nullable Profile profile, byte[] bytes, int stateOffset) {
    private static final byte VERSION = 1;
    private static final int NO_PROFILE = -1;

    int stateLength() {
        return bytes.length - stateOffset;
    }

    /**
     * Reads what {@link #encode} wrote, of this release or an earlier one.
     *
     * @throws IllegalStateException if the bytes are of a later release or damaged
     */
    static UserRecord decode(UserKey user, byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version != VERSION) {
                throw new IllegalStateException("state of " + user.source() + "'s user is of version " + version
                        + ": expected " + VERSION + " or earlier; it was written by a later release");
            }
            int traitsLength = in.getInt();
            if (traitsLength == NO_PROFILE) {
                return new UserRecord(null, bytes, in.position());
            }
            Instant updatedAt = Instant.ofEpochMilli(in.getLong());
            JsonObject traits = JsonObject.of(bytes, in.position(), traitsLength);
            return new UserRecord(new Profile(user, traits, updatedAt), bytes, in.position() + traitsLength);
        } catch (RuntimeException e) {
            throw new IllegalStateException("state of " + bytes.length + " bytes cannot be read", e);
        }
    }

    static byte[] encode(@Nullable Profile profile, byte[] state) {
        if (profile == null) {
            return ByteBuffer.allocate(1 + Integer.BYTES + state.length)
                    .put(VERSION)
                    .putInt(NO_PROFILE)
                    .put(state)
                    .array();
        }
        JsonObject traits = profile.traits();
        return ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES + traits.length() + state.length)
                .put(VERSION)
                .putInt(traits.length())
                .putLong(profile.updatedAt().toEpochMilli())
                .put(traits.array(), traits.offset(), traits.length())
                .put(state)
                .array();
    }
}
