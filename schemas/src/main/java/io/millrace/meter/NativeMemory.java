package io.millrace.meter;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of this process's memory; Linux does. */
final class NativeMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1024;

    private NativeMemory() {}

    /** Bytes in RAM, or NaN. */
    static double resident() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * (double) KIB;
                }
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        return Double.NaN;
    }

    /** What is resident less what Java has committed; heap that was never touched makes it too small. */
    static double outsideJava() {
        MemoryMXBean java = ManagementFactory.getMemoryMXBean();
        double known = java.getHeapMemoryUsage().getCommitted()
                + (double) java.getNonHeapMemoryUsage().getCommitted();
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            known += pool.getMemoryUsed();
        }
        return Math.max(0, resident() - known);
    }
}
