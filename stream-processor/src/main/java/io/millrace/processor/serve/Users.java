package io.millrace.processor.serve;

import io.millrace.identity.UserKey;
import org.jspecify.annotations.Nullable;

/** Where a user's state is, and what it is where it is here. Blocks for a read of the local store; thread-safe. */
@FunctionalInterface
interface Users {
    /** What came of looking a user up. */
    sealed interface Lookup {
        /** @param record as {@link io.millrace.processor.score.UserSteps} reads it; null where nothing is known */
        @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
        record Here(byte @Nullable [] record) implements Lookup {}

        /** Another processor owns the user. */
        record Elsewhere(String host, int port) implements Lookup {}

        /** Nobody can say at this moment, for this reason. */
        record NotNow(String reason) implements Lookup {}
    }

    Lookup find(UserKey user);
}
