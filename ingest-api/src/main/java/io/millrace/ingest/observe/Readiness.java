package io.millrace.ingest.observe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All dependencies together, and whether the door is closing. Thread-safe. */
public final class Readiness {
    private static final String DOOR = "door";

    private final List<HealthCheck> checks;
    private volatile Health door = new Health.NotReady("starting");

    public Readiness(List<HealthCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    /** The door takes requests from now on. */
    public void open() {
        door = Health.READY;
    }

    /** From now on never ready again: who asks should send traffic elsewhere. */
    public void closing() {
        door = new Health.NotReady("closing");
    }

    /** Each dependency with its health, the door first. */
    public Map<String, Health> check() {
        Map<String, Health> healths = new LinkedHashMap<>();
        healths.put(DOOR, door);
        checks.forEach(check -> healths.put(check.name(), check.check()));
        return healths;
    }
}
