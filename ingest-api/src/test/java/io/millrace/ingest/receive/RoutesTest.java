package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.authorize.Permission;
import io.millrace.ingest.outcome.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final OperationHandler NOTHING = (exchange, path) -> {};
    private static final List<Operation> OPERATIONS = List.of(
            new Operation("postX", "POST", "/v1/x", Permission.PUBLIC, false),
            new Operation("getX", "GET", "/v1/x", Permission.PUBLIC, false),
            new Operation("getY", "GET", "/v1/x/{id}/y", Permission.PUBLIC, false));

    private final Routes routes = new Routes(OPERATIONS, Map.of("postX", NOTHING, "getX", NOTHING, "getY", NOTHING));

    @Test
    void findsTheOperation_byMethodAndPath() {
        assertThat(match("POST", "/v1/x").operation().id()).isEqualTo("postX");
        assertThat(match("GET", "/v1/x").operation().id()).isEqualTo("getX");
        assertThat(match("HEAD", "/v1/x").operation().id()).isEqualTo("getX");
    }

    @Test
    void decodesPathParameters() {
        assertThat(match("GET", "/v1/x/a%2Fb%20+%C3%BC/y").path()).containsExactly(Map.entry("id", "a/b +ü"));
    }

    @Test
    void findsNothing_whenThePathIsNone() {
        for (String path : List.of("/", "", "*", "/v1/x/", "/v1/x//y", "/v1/x/%zz/y", "/v1/x/1/y/", "/V1/x")) {
            assertThat(routes.find("GET", path))
                    .as(path)
                    .isInstanceOfSatisfying(
                            Routes.Found.Nothing.class,
                            nothing -> assertThat(nothing.problem()).isInstanceOf(Problem.NotFound.class));
        }
    }

    @Test
    void saysWhichMethods_whenTheMethodIsNone() {
        assertThat(routes.find("DELETE", "/v1/x"))
                .isEqualTo(new Routes.Found.Nothing(
                        new Problem.MethodNotAllowed("DELETE", java.util.Set.of("GET", "HEAD", "POST"))));
    }

    @Test
    void failsTheStart_whenContractAndHandlersDiffer() {
        assertThatThrownBy(() -> new Routes(OPERATIONS, Map.of("postX", NOTHING, "getX", NOTHING)))
                .hasMessageContaining("getY");
        assertThatThrownBy(() -> new Routes(
                        OPERATIONS, Map.of("postX", NOTHING, "getX", NOTHING, "getY", NOTHING, "getZ", NOTHING)))
                .hasMessageContaining("getZ");
    }

    private Route match(String method, String path) {
        Routes.Found found = routes.find(method, path);
        assertThat(found).isInstanceOf(Routes.Found.Match.class);
        return ((Routes.Found.Match) found).route();
    }
}
