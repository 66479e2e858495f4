package io.millrace.standalone.cli;

import picocli.CommandLine.Command;

@Command(
        name = "version",
        description = "Prints the versions of Millrace and of Java.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
    @Override
    public void run() {
        for (String line : new Version().getVersion()) {
            System.out.println(line);
        }
    }
}
