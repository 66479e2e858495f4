package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.outcome.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpStatusTest {
    private static final Map<Problem, Integer> STATUSES = Map.of(
            new Problem.Unauthenticated(""), 401,
            new Problem.Forbidden(""), 403,
            new Problem.NotFound(""), 404,
            new Problem.MethodNotAllowed("", Set.of()), 405,
            new Problem.UnsupportedMediaType(""), 415,
            new Problem.BadRequest(""), 400,
            new Problem.BodyTooLarge(1), 413,
            new Problem.BodyTooSlow(Duration.ZERO), 408,
            new Problem.Overloaded("", Duration.ZERO), 429,
            new Problem.Unavailable("", Duration.ZERO), 503);

    @Test
    void everyProblemHasItsStatus() {
        STATUSES.forEach((problem, status) ->
                assertThat(HttpStatus.of(problem).code()).as(problem.code()).isEqualTo(status));
        assertThat(HttpStatus.of(new Problem.Internal("")).code()).isEqualTo(500);
    }

    @Test
    void noProblemIsForgotten() {
        Set<Class<?>> all =
                Arrays.stream(Problem.class.getPermittedSubclasses()).collect(Collectors.toSet());
        Set<Class<?>> tested = STATUSES.keySet().stream().map(Object::getClass).collect(Collectors.toSet());
        tested.add(Problem.Internal.class);

        assertThat(tested).isEqualTo(all);
    }
}
