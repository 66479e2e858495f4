package io.millrace.processor.score;

import io.millrace.event.Profile;
import io.millrace.identity.UserKey;
import io.millrace.processor.feature.UserState;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one user: the bytes that the store has, until an event needs what they say; from then on that, and bytes are
 * made where somebody asks for them: at a commit, and not at each event. Used by one thread.
 */
final class UserValue {
    private static final byte[] NONE = {};

    private byte @Nullable [] stored;
    private boolean changed;
    private @Nullable Profile profile;
    private byte[] open = NONE;
    private @Nullable UserState state;

    /** @param stored null where nothing is known */
    UserValue(byte @Nullable [] stored) {
        this.stored = stored;
    }

    /** Whether there is anything to store. */
    boolean isKnown() {
        return changed || stored != null;
    }

    /** As {@link UserRecord} writes it; null where nothing is known. Made anew at each call where it has changed. */
    byte @Nullable [] bytes() {
        return changed ? UserRecord.encode(profile, open, state().toBytes()) : stored;
    }

    /**
     * Makes it readable, with a state of these steps.
     *
     * @throws io.millrace.processor.feature.StateVersionException if it is of a later release
     * @throws IllegalStateException if it is damaged
     */
    void read(UserKey user, UserSteps steps) {
        if (state != null && steps.isOwn(state)) {
            return;
        }
        // Of another plan, it goes by its bytes.
        byte[] bytes = bytes();
        UserRecord record = bytes == null ? null : UserRecord.decode(user, bytes);
        UserState read = steps.state(record);
        profile = record == null ? null : record.profile();
        open = record == null || record.openLength() == 0
                ? NONE
                : Arrays.copyOfRange(
                        record.bytes(), UserRecord.OPEN_OFFSET, UserRecord.OPEN_OFFSET + record.openLength());
        state = read;
    }

    /** Null until the first identify. Of what was {@link #read}. */
    @Nullable
    Profile profile() {
        return profile;
    }

    /** Of what was {@link #read}; whoever changes it says so by {@link #become}. */
    UserState state() {
        return Objects.requireNonNull(state, "read comes first");
    }

    /** The open predictions as {@link io.millrace.processor.quality.UserOutcomes} has them; empty where there are none. */
    byte[] open() {
        if (state != null || stored == null) {
            return open;
        }
        int length = UserRecord.openLength(stored);
        return length == 0 ? NONE : Arrays.copyOfRange(stored, UserRecord.OPEN_OFFSET, UserRecord.OPEN_OFFSET + length);
    }

    /** An event has changed it. Only after {@link #read}. */
    void become(@Nullable Profile profile, byte[] open, UserState state) {
        this.profile = profile;
        this.open = open;
        this.state = state;
        this.stored = null;
        this.changed = true;
    }

    /** Other open predictions, of a user that is known. */
    void open(byte[] open) {
        if (state == null) {
            stored = UserRecord.withOpen(Objects.requireNonNull(stored, "nothing is known of the user"), open);
        } else {
            become(profile, open, state);
        }
    }

    /** About what it takes of the heap. */
    long heapBytes() {
        return (stored == null ? 0 : stored.length)
                + open.length
                + (profile == null ? 0 : profile.traits().length())
                + (state == null ? 0 : state.heapBytes());
    }
}
