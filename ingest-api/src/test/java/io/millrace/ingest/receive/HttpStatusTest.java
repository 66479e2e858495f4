package io.millrace.ingest.receive;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.outcome.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpStatusTest {
    private static final Map<Problem, Integer> STATUSES = Map.ofEntries(
            entry(Problem.Unauthenticated.missing(""), 401),
            entry(new Problem.Forbidden(""), 403),
            entry(new Problem.NotFound(""), 404),
            entry(new Problem.MethodNotAllowed("", Set.of()), 405),
            entry(new Problem.UnsupportedMediaType(""), 415),
            entry(new Problem.BadRequest(""), 400),
            entry(new Problem.NotAcceptable(""), 406),
            entry(new Problem.Conflict(""), 409),
            entry(new Problem.UriTooLong(1), 414),
            entry(new Problem.HeadersTooLarge(1), 431),
            entry(new Problem.BodyTooLarge(1), 413),
            entry(new Problem.BodyTooSlow(Duration.ZERO), 408),
            entry(new Problem.Overloaded("", Duration.ZERO), 429),
            entry(new Problem.RateLimited(1, Duration.ZERO), 429),
            entry(new Problem.Unavailable("", Duration.ZERO), 503));

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
