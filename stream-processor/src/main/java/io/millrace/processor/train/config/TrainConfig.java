package io.millrace.processor.train.config;

import io.millrace.identity.Source;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.model.FitSettings;
import io.millrace.processor.train.file.FileFormat;
import io.millrace.processor.train.file.FileShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to train: a YAML file that is read beside a model's own files; docs/training.md lists its keys.
 *
 * @param manifest the model to be, with its features and outcome; artifact, network and threshold are still to come
 * @param data what to learn from
 * @param split of the examples
 * @param fit of the network
 * @param card what the model card says beside the figures
 */
public record TrainConfig(Manifest manifest, Data data, Split split, FitSettings fit, Card card) {
    public static final String ARTIFACT = "model.params";

    /**
     * Event files of one shape, relative to a data folder, as of one source; or a stretch of a topic, and no files.
     *
     * @param unreadable what is done about a line that is no event
     * @param sample share of the users whose events are taken, 1 for all
     * @param limit more events than this are refused: they are held in memory, half a kilobyte each and more
     * @param topic what to read instead of files
     */
    public record Data(
            List<String> files,
            FileShape shape,
            Unreadable unreadable,
            Source source,
            double sample,
            long limit,
            @Nullable TopicRange topic) {
        public static final long LIMIT = 5_000_000;

        public Data {
            files = List.copyOf(files);
            if (!(sample > 0 && sample <= 1)) {
                throw new IllegalArgumentException("data.sample " + sample + ": expected more than 0, at most 1");
            }
        }

        /** Whether the data are rows without a time. */
        public boolean isTable() {
            return shape.format() == FileFormat.TABLE;
        }

        /** For sentences. */
        public String named() {
            return topic == null ? String.join(", ", files) : "topic " + topic.topic();
        }

        /**
         * To be asked before another event is kept.
         *
         * @throws IllegalArgumentException if there are as many as may be
         */
        public void checkRoom(int events) {
            if (events >= limit) {
                throw new IllegalArgumentException(named() + ": given more than " + limit
                        + " events, expected at most data.limit; raise it with the memory, or set data.sample");
            }
        }
    }

    /** What becomes of a line that is no event. */
    public enum Unreadable {
        /** Nothing is trained. */
        REFUSE,
        /** It is counted and left out. */
        LEAVE_OUT;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * How the examples are split: the latest are the test; of what is before, parts or the latest again are for choosing.
     *
     * @param test share of the examples, the latest ones
     * @param parts for cross-validation, of the users before; 0 where {@code validation} is
     * @param validation share of the examples, the latest before the test; 0 where {@code parts} are
     */
    public record Split(double test, int parts, double validation) {
        public Split {
            boolean byParts = parts >= 2 && validation == 0;
            boolean byTime = parts == 0 && validation > 0 && test + validation < 1;
            if (!(test > 0 && test < 1) || !(byParts || byTime)) {
                throw new IllegalArgumentException("split.test " + test + ", split.parts " + parts
                        + ", split.validation " + validation
                        + ": expected a share between 0 and 1, and either 2 parts or more or a second share");
            }
        }

        /** By parts of the users. */
        public Split(double test, int parts) {
            this(test, parts, 0);
        }
    }

    /** Sentences for the model card. */
    public record Card(String purpose, List<String> limits, String command) {
        public Card {
            limits = List.copyOf(limits);
        }
    }

    /** What the model is to foresee. */
    public OutcomeSpec outcome() {
        return Objects.requireNonNull(manifest.outcome());
    }

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if something is missing or wrong in it, saying all of it
     */
    public static TrainConfig read(Path file) throws IOException {
        // Read apart from parsed: a file that is not there says so by its own exception.
        return read(Files.readAllBytes(file), file.toString());
    }

    /**
     * Reads its text.
     *
     * @param origin for sentences
     * @throws IllegalArgumentException if something is missing or wrong in it, saying all of it
     */
    public static TrainConfig read(byte[] text, String origin) throws IOException {
        return TrainConfigReader.read(text, origin);
    }
}
