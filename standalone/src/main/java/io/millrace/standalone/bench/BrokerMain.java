package io.millrace.standalone.bench;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.millrace.standalone.embedded.EmbeddedBroker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The broker of a benchmark, in a process of its own so that its cost is seen apart: a folder and a port. For each byte on its
 * standard input it writes to the file {@link #BYTES} how many it has got and how many bytes of records came in and went out.
 */
public final class BrokerMain {
    static final String BYTES = "bytes";

    private BrokerMain() {}

    /** Ends with its parent. */
    public static void main(String[] arguments) throws IOException, JMException {
        Logs.start(LogConfig.of("broker", LogConfig.Reader.COLLECTOR));
        Path folder = Path.of(arguments[0]);
        EmbeddedBroker broker = EmbeddedBroker.start(folder, Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "shutdown"));
        for (int asked = 1; System.in.read() >= 0; asked++) {
            Path written = folder.resolveSibling(BYTES + ".partial");
            Files.writeString(written, asked + " " + count("BytesInPerSec") + " " + count("BytesOutPerSec"));
            Files.move(written, folder.resolveSibling(BYTES), StandardCopyOption.ATOMIC_MOVE);
        }
        System.exit(0);
    }

    private static long count(String name) throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName meter = new ObjectName("kafka.server:type=BrokerTopicMetrics,name=" + name);
        return beans.isRegistered(meter) ? (Long) beans.getAttribute(meter, "Count") : 0;
    }
}
