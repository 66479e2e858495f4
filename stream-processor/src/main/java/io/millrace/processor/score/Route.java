package io.millrace.processor.score;

import io.millrace.identity.UserKey;
import io.millrace.prediction.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of one model score a user's events.
 *
 * @param champion whose predictions count
 * @param canary in its place for a share of the users, or null
 * @param percent of the users whom the canary gets
 * @param shadows that score every event beside them
 */
public record Route(ActiveModel champion, @Nullable ActiveModel canary, double percent, List<ActiveModel> shadows) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    public Route {
        shadows = List.copyOf(shadows);
        expect(champion, Role.CHAMPION, champion);
        if (canary != null) {
            expect(canary, Role.CANARY, champion);
        }
        for (ActiveModel shadow : shadows) {
            expect(shadow, Role.SHADOW, champion);
        }
    }

    private static void expect(ActiveModel model, Role role, ActiveModel champion) {
        if (model.role() != role
                || !model.version().name().equals(champion.version().name())) {
            throw new IllegalArgumentException(
                    model.version() + " as " + model.role().text() + ": expected a " + role.text() + " of "
                            + champion.version().name());
        }
    }

    /** One version alone. */
    public static Route of(ActiveModel champion) {
        return new Route(champion, null, 0, List.of());
    }

    String name() {
        return champion.version().name();
    }

    /** Champion, canary, shadows: the order in which they score. */
    public List<ActiveModel> models() {
        List<ActiveModel> all = new ArrayList<>();
        all.add(champion);
        if (canary != null) {
            all.add(canary);
        }
        all.addAll(shadows);
        return all;
    }

    /** Whether the canary scores this user's events; not any more where it was stopped. */
    boolean hasCanary(UserKey user) {
        return canary != null && !canary.isStopped() && position(user, name()) < percent;
    }

    /** The version whose prediction a user gets. */
    public ActiveModel main(UserKey user) {
        return hasCanary(user) ? Objects.requireNonNull(canary) : champion;
    }

    /**
     * Where a user stands between 0 and 100 for this model: always in the same place, so who is among 5 percent is among
     * 10 percent too. FNV-1a over UTF-16 units with MurmurHash3's finalizer; a change would move users between versions.
     */
    static double position(UserKey user, String model) {
        long hash = mix(fnv(fnv(FNV_OFFSET, user.text()) * FNV_PRIME, model));
        return (hash >>> 11) * 0x1p-53 * 100;
    }

    private static long fnv(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    private static long mix(long hash) {
        long mixed = hash;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
