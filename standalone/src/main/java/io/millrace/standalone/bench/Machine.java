package io.millrace.standalone.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a figure depends on, beside the program. */
final class Machine {
    private Machine() {}

    /** Told in words. */
    static Map<String, String> description() {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        told.put("processor", first("/proc/cpuinfo", "model name"));
        told.put("memory", first("/proc/meminfo", "MemTotal"));
        told.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        told.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        told.put(
                "load at the start",
                Double.toString(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        return told;
    }

    private static String first(String file, String field) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(field))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
