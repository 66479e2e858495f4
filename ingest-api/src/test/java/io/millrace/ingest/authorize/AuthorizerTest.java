package io.millrace.ingest.authorize;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.identity.Source;
import io.millrace.ingest.outcome.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the contract for every role. */
class AuthorizerTest {
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);
    private static final Set<Role> READERS = EnumSet.of(Role.ANALYST, Role.OPERATOR, Role.ADMIN);
    private static final Set<Role> PRODUCERS = EnumSet.of(Role.PRODUCER, Role.OPERATOR, Role.ADMIN);
    private static final Set<Role> OPERATORS = EnumSet.of(Role.OPERATOR, Role.ADMIN);

    /** Written down a second time, on purpose. */
    private static final Map<String, Set<Role>> ALLOWED = Map.ofEntries(
            entry("publishEvents", PRODUCERS),
            entry("segmentIdentify", PRODUCERS),
            entry("segmentTrack", PRODUCERS),
            entry("segmentPage", PRODUCERS),
            entry("segmentScreen", PRODUCERS),
            entry("segmentGroup", PRODUCERS),
            entry("segmentAlias", PRODUCERS),
            entry("segmentBatch", PRODUCERS),
            entry("segmentImport", PRODUCERS),
            entry("segmentPixel", PRODUCERS),
            entry("publishCloudEvents", PRODUCERS),
            entry("validateWebhook", ALL),
            entry("exportLogs", PRODUCERS),
            entry("listPredictions", READERS),
            entry("listUserPredictions", READERS),
            entry("streamPredictions", READERS),
            entry("getEvent", READERS),
            entry("getUser", READERS),
            entry("getModelQuality", READERS),
            entry("explainPrediction", READERS),
            entry("predict", READERS),
            entry("listModels", READERS),
            entry("getModel", READERS),
            entry("getDeployment", READERS),
            entry("registerModelVersion", OPERATORS),
            entry("deleteModelVersion", OPERATORS),
            entry("deployModel", OPERATORS),
            entry("rollbackModel", OPERATORS),
            entry("listDeadLetters", OPERATORS),
            entry("countDeadLetters", OPERATORS),
            entry("getDeadLetter", OPERATORS),
            entry("createSource", OPERATORS),
            entry("listSources", OPERATORS),
            entry("updateSource", OPERATORS),
            entry("revokeSource", OPERATORS),
            entry("getMetrics", OPERATORS),
            entry("getPipeline", READERS),
            entry("eraseUser", OPERATORS),
            entry("getHealth", ALL),
            entry("getReadiness", ALL),
            entry("getOpenapi", ALL),
            entry("getAsyncapi", ALL),
            entry("getIndex", ALL),
            entry("getDocs", ALL),
            entry("getDocsFile", ALL));

    static Stream<Arguments> operationsAndRoles() {
        List<Arguments> all = new ArrayList<>();
        for (Operation operation : Operations.ofContract()) {
            for (Role role : Role.values()) {
                all.add(Arguments.of(operation, role));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("operationsAndRoles")
    void allowsWhatTheTableSays(Operation operation, Role role) {
        Principal principal = new Principal("somebody", Set.of(role), new Source("web"));

        assertThat(ALLOWED).containsKey(operation.id());
        assertThat(Authorizer.check(principal, operation).isEmpty())
                .isEqualTo(ALLOWED.getOrDefault(operation.id(), Set.of()).contains(role));
    }

    @Test
    void namesTheMissingPermission_whenSomebodyMayNot() {
        Operation operation =
                new Operation("listPredictions", "GET", "/v1/predictions", Permission.PREDICTIONS_READ, false);

        assertThat(Authorizer.check(new Principal("web", Set.of(Role.PRODUCER), null), operation))
                .hasValueSatisfying(problem -> {
                    assertThat(problem).isInstanceOf(Problem.Forbidden.class);
                    assertThat(problem.detail()).contains("predictions:read");
                });
        assertThat(Authorizer.check(Principal.NOBODY, operation))
                .hasValueSatisfying(problem -> assertThat(problem).isInstanceOf(Problem.Unauthenticated.class));
    }

    @Test
    void forbidsPosting_whenTheCredentialNamesNoSource() {
        Operation operation = new Operation("publishEvents", "POST", "/v1/events", Permission.EVENTS_WRITE, false);

        assertThat(Authorizer.check(new Principal("root", Set.of(Role.ADMIN), null), operation))
                .hasValueSatisfying(problem -> assertThat(problem.detail()).contains("source"));
    }

    @Test
    void failsTheStart_whenAnOperationHasNoPermission() {
        String contract = "paths: {/v1/x: {get: {operationId: getX}}}";
        String unknown = "paths: {/v1/x: {get: {operationId: getX, x-permission: 'x:do'}}}";

        assertThatThrownBy(() -> Operations.read(contract.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("x-permission");
        assertThatThrownBy(() -> Operations.read(unknown.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("x:do");
    }
}
