package io.millrace.standalone.cli;

import java.nio.file.Path;

/** Chooses the log's configuration; call it before anything logs. */
final class Logging {
    private Logging() {}

    /** Warnings and errors to standard error, for people. */
    static void toConsole() {
        System.setProperty("logback.configurationFile", "io/millrace/standalone/logback-console.xml");
    }

    /** The same, and everything as JSON lines to a file of the folder. */
    static void toFolder(Path folder) {
        System.setProperty("millrace.logs", folder.toString());
        System.setProperty("logback.configurationFile", "io/millrace/standalone/logback-folder.xml");
    }

    /** What a service of its own says: its lifecycle too. */
    static void ofService() {
        System.setProperty("logback.configurationFile", "io/millrace/standalone/logback-service.xml");
    }
}
