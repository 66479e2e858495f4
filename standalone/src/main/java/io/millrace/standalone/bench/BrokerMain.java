package io.millrace.standalone.bench;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;

/** The broker of a benchmark, in a process of its own so that its cost is seen apart: a folder and a port. */
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws IOException {
        Logs.start(LogConfig.of("broker", LogConfig.Reader.COLLECTOR));
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "shutdown"));
        ParentWatch.await();
        System.exit(0);
    }
}
