package io.millrace.ingest.authorize;

import io.millrace.identity.Source;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param name the token's subject, or the source of a write key; not a secret
 * @param roles at least {@link Role#GUEST}
 * @param source whose events it posts; null where it posts none
 * @param rate events a second that are its own to post; null for the door's default
 */
public record Principal(
        String name,
        Set<Role> roles,
        @Nullable Source source,
        @Nullable Integer rate) {
    /** Who shows no credential. */
    public static final Principal NOBODY = new Principal("nobody", Set.of(Role.GUEST), null);

    public Principal(String name, Set<Role> roles, @Nullable Source source) {
        this(name, roles, source, null);
    }

    public Principal {
        roles = Set.copyOf(roles);
    }

    boolean may(Permission permission) {
        for (Role role : roles) {
            if (role.may(permission)) {
                return true;
            }
        }
        return false;
    }
}
