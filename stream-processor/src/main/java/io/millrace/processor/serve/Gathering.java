package io.millrace.processor.serve;

import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Collects what instances of the processor say of themselves until all have; one that does not answer is named with the
 * reason. Thread-safe.
 *
 * @param <I> what one instance says
 * @param <A> an answer with what some of them say
 */
final class Gathering<I, A> {
    private final List<I> said = new ArrayList<>();
    private final Function<A, List<I>> of;
    private final BiFunction<String, String, I> unreachable;
    private final Consumer<List<I>> whole;
    private int missing;

    /**
     * @param others beside this instance
     * @param unreachable makes what is said of an instance, by its address, that does not answer, by the reason
     * @param whole told once, when all have answered
     */
    Gathering(int others, Function<A, List<I>> of, BiFunction<String, String, I> unreachable, Consumer<List<I>> whole) {
        this.missing = others + 1;
        this.of = of;
        this.unreachable = unreachable;
        this.whole = whole;
    }

    /** What another instance answers. */
    Reply<A> from(String address) {
        return new Reply<>() {
            @Override
            public void give(A answer) {
                add(of.apply(answer));
            }

            @Override
            public void refuse(GrpcStatus status, String detail) {
                add(List.of(unreachable.apply(address, detail)));
            }
        };
    }

    void add(List<I> more) {
        boolean isWhole;
        synchronized (this) {
            said.addAll(more);
            missing--;
            isWhole = missing == 0;
        }
        if (isWhole) {
            whole.accept(said);
        }
    }
}
