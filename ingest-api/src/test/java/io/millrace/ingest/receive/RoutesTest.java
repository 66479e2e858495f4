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
    void findsAnOperationForSdks_whereverTheyLookForIt() {
        Operation send =
                new Operation("send", "POST", "/v1/send", Permission.PUBLIC, true, List.of("/v1/s", "/v1/send/"), true);
        Operation other = new Operation("getZ", "GET", "/v1/z", Permission.PUBLIC, false);
        Routes both = new Routes(List.of(send, other), Map.of("send", NOTHING, "getZ", NOTHING));

        for (String path : List.of("/v1/send", "/v1/s", "/v1/send/")) {
            assertThat(both.find("POST", path)).isInstanceOf(Routes.Found.Match.class);
            assertThat(both.isForSdks(path)).isTrue();
        }
        assertThat(both.isForSdks("/v1/z")).isFalse();
        assertThat(both.isForSdks("/v1/s/")).isFalse();
    }

    @Test
    void failsTheStart_whenTwoOperationsAreAtOnePath() {
        Operation one = new Operation("one", "POST", "/v1/one", Permission.PUBLIC, true, List.of("/v1/two"), true);
        Operation two = new Operation("two", "POST", "/v1/two", Permission.PUBLIC, true);

        assertThatThrownBy(() -> new Routes(List.of(one, two), Map.of("one", NOTHING, "two", NOTHING)))
                .hasMessageContaining("POST /v1/two twice");
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
