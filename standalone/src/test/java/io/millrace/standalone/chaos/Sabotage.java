package io.millrace.standalone.chaos;

import io.millrace.standalone.chaos.check.Violation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A fault in the code: a source file of the pipeline, what is replaced in it, and by what. The changed copy is compiled into a
 * folder that goes before the class path of child processes; the pipeline's own classes stay as they are. Where the text is no
 * longer in the file, the test says so.
 */
enum Sabotage {
    COMMIT_BEFORE_FLUSH(
            "stream-processor/src/main/java/io/millrace/processor/score/MicroBatchStore.java", """
                public void flushCache() {
                    beforeCommit.run();
                    drain.drain();
            """, """
                public void flushCache() {
                    beforeCommit.run();
            """, """
                        throw new IllegalStateException(
                                "events wait in the micro-batch after a commit: this Kafka Streams does not flush caches before it");
            """, """
                        drain.drain();
            """),
    OFFSETS_OUTSIDE_THE_TRANSACTION(
            "stream-processor/src/main/java/io/millrace/processor/topology/StreamsSettings.java",
            "guarantee.setting()",
            "\"at_least_once\"",
            "",
            ""),
    ACKNOWLEDGE_BEFORE_SEND(
            "ingest-api/src/main/java/io/millrace/ingest/accept/Acceptor.java",
            "return publisher.publish(events, letters, arrival.trace()).handle(",
            "publisher.publish(events, letters, arrival.trace());"
                    + " return CompletableFuture.<Void>completedFuture(null).handle(",
            "",
            ""),
    NO_DE_DUPLICATION(
            "stream-processor/src/main/java/io/millrace/processor/score/SeenEvents.java",
            "                return true;",
            "                break;",
            "",
            ""),
    STORE_OFFSETS_OUTSIDE_THE_TRANSACTION(
            "stream-processor/src/main/java/io/millrace/processor/store/PredictionRows.java",
            "offsets.advance(connection, advances);",
            "offsets.advance(connection, advances); connection.commit();"
                    + " try { Thread.sleep(1500); } catch (InterruptedException e) { throw new SQLException(e); }",
            "",
            "");

    private final String file;
    private final String text;
    private final String by;
    private final String otherText;
    private final String otherBy;

    Sabotage(String file, String text, String by, String otherText, String otherBy) {
        this.file = file;
        this.text = text;
        this.by = by;
        this.otherText = otherText;
        this.otherBy = otherBy;
    }

    /** One of these the checker must name. */
    Set<Violation> expected() {
        return switch (this) {
            case COMMIT_BEFORE_FLUSH -> Set.of(Violation.NOT_SCORED);
            case OFFSETS_OUTSIDE_THE_TRANSACTION ->
                Set.of(
                        Violation.SCORED_TWICE,
                        Violation.UNACKNOWLEDGED_TWICE,
                        Violation.NOT_SCORED,
                        Violation.MISCOUNTED);
            case ACKNOWLEDGE_BEFORE_SEND -> Set.of(Violation.LOST);
            case NO_DE_DUPLICATION -> Set.of(Violation.SCORED_TWICE);
            case STORE_OFFSETS_OUTSIDE_THE_TRANSACTION -> Set.of(Violation.NOT_STORED);
        };
    }

    /** Compiles the changed copy; gives back the folder. */
    Path compile(Path folder) throws IOException {
        Path original = Path.of("..").resolve(file);
        String source = Files.readString(original, StandardCharsets.UTF_8);
        source = replace(original, source, text, by);
        if (!otherText.isEmpty()) {
            source = replace(original, source, otherText, otherBy);
        }
        Files.createDirectories(folder);
        Path changed = folder.resolve(original.getFileName());
        Files.writeString(changed, source, StandardCharsets.UTF_8);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                changed.toString());
        if (status != 0) {
            throw new AssertionError(this + " does not compile");
        }
        return folder;
    }

    private static String replace(Path file, String source, String text, String by) {
        if (source.indexOf(text) < 0 || source.indexOf(text) != source.lastIndexOf(text)) {
            throw new AssertionError(file + ": expected once: " + text);
        }
        return source.replace(text, by);
    }
}
