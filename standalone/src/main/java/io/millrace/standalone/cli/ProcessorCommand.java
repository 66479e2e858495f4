package io.millrace.standalone.cli;

import io.millrace.processor.ProcessorMain;
import io.millrace.standalone.run.StandaloneKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "processor",
        description = "Runs the stream processor alone, with any Kafka 3.9+ and PostgreSQL 14+.",
        mixinStandardHelpOptions = true)
final class ProcessorCommand implements Callable<Integer> {
    @Mixin
    private final ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() {
        return ProcessorMain.run(options.file(), options.flags(), System.getenv(), StandaloneKeys.EVERY);
    }
}
