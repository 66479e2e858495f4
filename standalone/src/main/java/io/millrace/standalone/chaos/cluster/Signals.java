package io.millrace.standalone.chaos.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What Java cannot send itself. */
final class Signals {
    private Signals() {}

    /** @param signal such as STOP; processes that are gone meanwhile are passed over */
    static void send(String signal, List<Long> processes) throws IOException, InterruptedException {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(Long.toString(process)));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
