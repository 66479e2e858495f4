package io.millrace.ingest.authorize;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who somebody is here, and the one table of what each may do. */
public enum Role {
    /** Nobody in particular; who shows no credential is one. */
    GUEST(Permission.PUBLIC),
    /** Posts events of its own source. */
    PRODUCER(Permission.PUBLIC, Permission.EVENTS_WRITE),
    /** Reads predictions. */
    ANALYST(Permission.PUBLIC, Permission.PREDICTIONS_READ),
    /** Runs Millrace. */
    OPERATOR(Permission.PUBLIC, Permission.PREDICTIONS_READ, Permission.METRICS_READ),
    /** Everything. */
    ADMIN(Permission.values());

    private final Set<Permission> permissions;
    private final String text = name().toLowerCase(Locale.ROOT);

    Role(Permission... permissions) {
        this.permissions = Set.copyOf(EnumSet.of(permissions[0], permissions));
    }

    boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    /** As the claim {@code roles} carries it. */
    public String text() {
        return text;
    }

    static Optional<Role> parse(String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
