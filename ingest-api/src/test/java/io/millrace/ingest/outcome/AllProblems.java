package io.millrace.ingest.outcome;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One of each problem there is, for tests that must forget none. */
public final class AllProblems {
    private static final Map<Class<?>, Object> VALUES = Map.of(
            String.class,
            "x",
            Set.class,
            Set.of(),
            Duration.class,
            Duration.ofSeconds(2),
            int.class,
            1,
            long.class,
            1L,
            boolean.class,
            true);

    private AllProblems() {}

    public static List<Problem> all() {
        return Arrays.stream(Problem.class.getPermittedSubclasses())
                .map(AllProblems::one)
                .toList();
    }

    private static Problem one(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(types)
                .map(each -> Objects.requireNonNull(VALUES.get(each), () -> "no value for " + each))
                .toArray();
        try {
            return (Problem) type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
