package io.millrace.standalone.cli;

import io.millrace.config.ConfigurationException;
import io.millrace.standalone.embedded.StartFailedException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code millrace} command. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "millrace",
        description = "Scores user behaviour as it happens: events in, predictions out, exactly once.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            BenchCommand.class,
            ChaosCommand.class,
            EvaluateCommand.class,
            IngestCommand.class,
            ProcessorCommand.class,
            RedriveCommand.class,
            ReplayCommand.class,
            ScaleCommand.class,
            SimulateCommand.class,
            TopicsCommand.class,
            TraceCommand.class,
            ModelsCommand.class,
            TrainCommand.class,
            UsersCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class Millrace implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private Millrace() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs one command to its end and gives back its exit code. */
    public static int execute(String... arguments) {
        CommandLine line = new CommandLine(new Millrace());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(command, failure));
        return line.execute(arguments);
    }

    /** Without a command it is wrong usage. */
    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Missing command.");
        }
    }

    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
                text.append(": ").append(cause.getMessage());
            }
        }
        return failure.getClass().getSimpleName() + ": " + text;
    }

    private static int failed(CommandLine command, Exception failure) {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigurationException wrong) {
            wrong.errors().forEach(error -> err.println("Wrong setting: " + error));
        } else if (failure instanceof InterruptedException) {
            err.println("Interrupted.");
        } else if (failure instanceof WrongUsageException) {
            err.println(failure.getMessage());
            err.flush();
            return CommandLine.ExitCode.USAGE;
        } else if (failure instanceof NoSuchFileException missing) {
            err.println(missing.getFile() + ": there is no such file.");
        } else if (failure instanceof AccessDeniedException denied) {
            err.println(denied.getFile() + ": this user may not read or write it.");
        } else if (failure instanceof CommandFailedException || failure instanceof StartFailedException) {
            err.println(failure.getMessage());
        } else {
            err.println("Failed: " + causes(failure));
        }
        if (Boolean.getBoolean("millrace.trace")) {
            failure.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
