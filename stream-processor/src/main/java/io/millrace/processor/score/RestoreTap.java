package io.millrace.processor.score;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/**
 * A store's context that gives another callback to restore with than the store registers. Streams' RocksDB stores write a
 * batch in one call nowhere but there, and nobody but Streams is told when something is restored.
 */
final class RestoreTap {
    private RestoreTap() {}

    /** @param tap given what the store registers, what Streams is to call */
    static StateStoreContext on(StateStoreContext context, UnaryOperator<RecordBatchingStateRestoreCallback> tap) {
        return (StateStoreContext) Proxy.newProxyInstance(
                RestoreTap.class.getClassLoader(),
                new Class<?>[] {InternalProcessorContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("register")) {
                        for (int i = 0; i < arguments.length; i++) {
                            if (arguments[i] instanceof RecordBatchingStateRestoreCallback registered) {
                                arguments[i] = tap.apply(registered);
                            }
                        }
                    }
                    try {
                        return method.invoke(context, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
