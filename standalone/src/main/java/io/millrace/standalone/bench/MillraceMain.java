package io.millrace.standalone.bench;

import io.millrace.standalone.cli.Millrace;
import java.io.IOException;

/** A command of Millrace that ends with the benchmark that started it, whatever became of that. */
public final class MillraceMain {
    private MillraceMain() {}

    /** @param arguments of the command */
    public static void main(String[] arguments) {
        Thread watch = new Thread(MillraceMain::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Millrace.main(arguments);
    }

    private static void endWithParent() {
        try {
            ParentWatch.await();
        } catch (IOException e) {
            // As good as its end.
        }
        System.exit(0);
    }
}
