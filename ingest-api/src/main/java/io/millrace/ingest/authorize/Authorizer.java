package io.millrace.ingest.authorize;

import io.millrace.ingest.outcome.Problem;
import java.util.Optional;

/** Whether a principal may do an operation; what is not allowed is denied. */
public final class Authorizer {
    private Authorizer() {}

    /** Empty where it may; else 401's problem for nobody, 403's for somebody, naming the permission. */
    public static Optional<Problem> check(Principal principal, Operation operation) {
        Permission permission = operation.permission();
        if (principal.may(permission)) {
            return permission == Permission.EVENTS_WRITE && principal.source() == null
                    ? Optional.of(new Problem.Forbidden("the token names no source: expected the claim source"))
                    : Optional.empty();
        }
        if (principal.equals(Principal.NOBODY)) {
            return Optional.of(
                    Problem.Unauthenticated.missing("no credential was given: expected one with " + permission.text()));
        }
        return Optional.of(new Problem.Forbidden("the permission " + permission.text() + " is missing"));
    }
}
