package io.millrace.ingest.receive;

import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The operations of openapi.yaml bound to what serves them. An operation without a handler, or a handler without an
 * operation, fails the start: contract and code cannot drift. Immutable.
 */
final class Routes {
    /** Answered as GET is, without the body (RFC 9110, 9.3.2): the contract lists it nowhere. */
    static final String HEAD = "HEAD";

    private static final String GET = "GET";

    /** What a path and method lead to. */
    sealed interface Found {
        record Match(Route route) implements Found {}

        record Nothing(Problem problem) implements Found {}
    }

    private record Bound(Operation operation, OperationHandler handler) {}

    private record Template(String[] segments, Map<String, Bound> byMethod) {}

    /** Paths without parameters, by path and method. */
    private final Map<String, Map<String, Bound>> exact = new HashMap<>();

    private final List<Template> templates = new ArrayList<>();

    Routes(List<Operation> operations, Map<String, OperationHandler> handlers) {
        Set<String> unbound = new TreeSet<>(handlers.keySet());
        Map<String, Map<String, Bound>> byPath = new HashMap<>();
        for (Operation operation : operations) {
            OperationHandler handler = handlers.get(operation.id());
            if (handler == null || !unbound.remove(operation.id())) {
                throw new IllegalStateException("openapi.yaml promises " + operation.id() + " (" + operation.method()
                        + " " + operation.path() + ") once, and exactly one handler serves it: this is not so");
            }
            for (String path : operation.paths()) {
                Bound other = byPath.computeIfAbsent(path, made -> new HashMap<>())
                        .put(operation.method(), new Bound(operation, handler));
                if (other != null) {
                    throw new IllegalStateException("openapi.yaml promises " + operation.method() + " " + path
                            + " twice: " + other.operation().id() + " and " + operation.id());
                }
            }
        }
        if (!unbound.isEmpty()) {
            throw new IllegalStateException("openapi.yaml does not promise " + unbound + ", but handlers serve it");
        }
        byPath.forEach((path, byMethod) -> {
            if (path.indexOf('{') < 0) {
                exact.put(path, byMethod);
            } else {
                templates.add(new Template(path.split("/", -1), byMethod));
            }
        });
    }

    /** Whether SDKs of others are the clients at a path, whatever the method. */
    boolean isForSdks(String path) {
        Map<String, Bound> byMethod = exact.get(path);
        if (byMethod != null) {
            return isForSdks(byMethod);
        }
        String[] segments = path.split("/", -1);
        for (Template template : templates) {
            if (isForSdks(template.byMethod()) && match(template.segments(), segments) != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean isForSdks(Map<String, Bound> byMethod) {
        for (Bound bound : byMethod.values()) {
            if (bound.operation().isForSdks()) {
                return true;
            }
        }
        return false;
    }

    /** Finds what serves a request; the path is as the client sent it, without the query. */
    Found find(String method, String path) {
        Map<String, Bound> byMethod = exact.get(path);
        if (byMethod != null) {
            return choose(byMethod, method, Map.of());
        }
        String[] segments = path.split("/", -1);
        for (Template template : templates) {
            Map<String, String> parameters = match(template.segments(), segments);
            if (parameters != null) {
                return choose(template.byMethod(), method, parameters);
            }
        }
        return new Found.Nothing(new Problem.NotFound(
                "the path: given " + Refusal.shorten(path) + ", expected one of those in /openapi.yaml"));
    }

    private static Found choose(Map<String, Bound> byMethod, String method, Map<String, String> parameters) {
        Bound bound = byMethod.get(method.equals(HEAD) ? GET : method);
        if (bound == null) {
            Set<String> allowed = new HashSet<>(byMethod.keySet());
            if (allowed.contains(GET)) {
                allowed.add(HEAD);
            }
            return new Found.Nothing(new Problem.MethodNotAllowed(method, allowed));
        }
        return new Found.Match(new Route(bound.operation(), bound.handler(), parameters));
    }

    private static @Nullable Map<String, String> match(String[] template, String[] given) {
        if (template.length != given.length) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.length; i++) {
            if (template[i].startsWith("{")) {
                String value = decode(given[i]);
                if (value == null || value.isEmpty()) {
                    return null;
                }
                parameters.put(template[i].substring(1, template[i].length() - 1), value);
            } else if (!template[i].equals(given[i])) {
                return null;
            }
        }
        return parameters;
    }

    /** Null where it is no percent-encoding; a plus sign stands for itself in a path. */
    private static @Nullable String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
