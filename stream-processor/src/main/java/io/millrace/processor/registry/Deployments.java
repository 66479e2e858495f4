package io.millrace.processor.registry;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Deployment;
import io.millrace.model.Deployment.Canary;
import io.millrace.processor.model.Catalog.Content;
import io.millrace.processor.registry.RegistryException.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a deployment becomes when somebody wants it changed. Pure. */
final class Deployments {
    /** As deployments name Millrace itself. */
    static final String MILLRACE = "millrace";

    private Deployments() {}

    /**
     * Who wants a change, and on top of what.
     *
     * @param expected revision that was seen; 0: none; empty: whatever it is
     */
    record Wish(OptionalLong expected, String by, @Nullable String reason, Instant at) {}

    /** Returns the deployment as it is where it says so already. */
    static Deployment deploy(
            Content now, String name, String champion, @Nullable Canary canary, List<String> shadows, Wish wish)
            throws RegistryException {
        Deployment before = expected(now, name, wish);
        Deployment after;
        try {
            after = new Deployment(
                    name,
                    before == null ? 1 : before.revision() + 1,
                    champion,
                    canary,
                    shadows,
                    previous(before, champion),
                    wish.by(),
                    wish.at(),
                    wish.reason());
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.WRONG, String.valueOf(e.getMessage()), e);
        }
        for (String version : after.versions()) {
            registered(now, name, version);
        }
        return before != null && saysTheSame(before, after) ? before : after;
    }

    /** The previous champion alone, or where there is none the champion alone. */
    static Deployment rollBack(Content now, String name, Wish wish) throws RegistryException {
        Deployment before = expected(now, name, wish);
        if (before == null) {
            throw new RegistryException(Kind.NOT_FOUND, name + " is not deployed");
        }
        String previous = before.previous();
        if (previous == null && before.canary() == null && before.shadows().isEmpty()) {
            throw new RegistryException(
                    Kind.IN_THE_WAY, name + "@" + before.champion() + " has no champion before it to roll back to");
        }
        // The one that is left is not kept as previous: a rollback asked for twice must not bring it back.
        return new Deployment(
                name,
                before.revision() + 1,
                previous == null ? before.champion() : previous,
                null,
                List.of(),
                null,
                wish.by(),
                wish.at(),
                wish.reason());
    }

    /** Without the version in any role but champion; null where it has none. */
    static @Nullable Deployment withdraw(Content now, ModelVersion version, Wish wish) {
        Deployment before = now.deployments().get(version.name());
        if (before == null
                || before.champion().equals(version.version())
                || !before.versions().contains(version.version())) {
            return null;
        }
        Canary canary = before.canary();
        return new Deployment(
                before.name(),
                before.revision() + 1,
                before.champion(),
                canary == null || canary.version().equals(version.version()) ? null : canary,
                before.shadows().stream()
                        .filter(shadow -> !shadow.equals(version.version()))
                        .toList(),
                before.previous(),
                wish.by(),
                wish.at(),
                wish.reason());
    }

    static void registered(Content now, String name, String version) throws RegistryException {
        ModelVersion model;
        try {
            model = new ModelVersion(name, version);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.WRONG, String.valueOf(e.getMessage()), e);
        }
        if (!now.versions().containsKey(model)) {
            throw new RegistryException(Kind.NOT_FOUND, model + " is not registered");
        }
    }

    private static @Nullable Deployment expected(Content now, String name, Wish wish) throws RegistryException {
        Deployment before = now.deployments().get(name);
        long revision = before == null ? 0 : before.revision();
        if (wish.expected().isPresent() && wish.expected().getAsLong() != revision) {
            throw new RegistryException(
                    Kind.CONFLICT,
                    name + " is at revision " + revision + ", given "
                            + wish.expected().getAsLong() + ": somebody changed it, look and try again");
        }
        return before;
    }

    private static @Nullable String previous(@Nullable Deployment before, String champion) {
        if (before == null) {
            return null;
        }
        if (!before.champion().equals(champion)) {
            return before.champion();
        }
        return before.previous();
    }

    private static boolean saysTheSame(Deployment before, Deployment after) {
        return before.champion().equals(after.champion())
                && Objects.equals(before.canary(), after.canary())
                && before.shadows().equals(after.shadows());
    }
}
