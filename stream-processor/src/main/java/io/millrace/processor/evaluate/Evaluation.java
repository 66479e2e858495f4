package io.millrace.processor.evaluate;

import io.millrace.identity.Source;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.processor.model.LoadedModel;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelLimits;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.Scorer;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.example.HeldExamples;
import io.millrace.processor.train.file.FileShape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges a model on examples that it did not learn from. */
public final class Evaluation {
    private final ModelFiles files;
    private final Watcher watcher;

    /** Sees how far it is. */
    @FunctionalInterface
    public interface Watcher {
        /**
         * @param what is being done
         * @param done of it
         * @param total 0 where nobody knows
         */
        void at(String what, long done, long total);

        /** Hears a sentence about the data. */
        default void say(String line) {}
    }

    public Evaluation(ModelFiles files, Watcher watcher) {
        this.files = files;
        this.watcher = watcher;
    }

    /**
     * Judges on the test of a training's configuration.
     *
     * @param whole on all its examples: for a model that was not trained on these data
     * @throws IllegalArgumentException if the configuration or the data are not as they should be, saying what
     */
    public Report on(Path config, Path data, boolean whole, @Nullable String bootstrapServers)
            throws IOException, ModelRefusedException, ModelFailedException {
        watcher.at("reading events", 0, 0);
        Questions questions = Questions.read(config);
        return report(
                HeldExamples.of(config, files.manifest(), data, whole, bootstrapServers, watcher::say), questions);
    }

    /**
     * Judges on all examples of event files, by the manifest's own outcome.
     *
     * @throws IllegalArgumentException if the manifest has none, or a line is no event
     */
    public Report on(List<Path> events, FileShape shape, Source source)
            throws IOException, ModelRefusedException, ModelFailedException {
        watcher.at("reading events", 0, 0);
        return report(HeldExamples.of(events, shape, source, files.manifest(), watcher::say), Questions.NONE);
    }

    private Report report(HeldExamples held, Questions questions) throws ModelRefusedException, ModelFailedException {
        Manifest manifest = files.manifest();
        List<Example> examples = held.judged();
        boolean[] labels = new boolean[examples.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = examples.get(i).positive();
        }
        Judged judged = new Judged(
                examples.stream().map(Example::user).toList(),
                scores(examples),
                labels,
                Dimensions.of(held, questions));
        int positives = judged.positives();
        if (positives == 0 || positives == judged.size()) {
            throw new IllegalArgumentException(held.named() + ": given " + positives + " positive of " + judged.size()
                    + " examples, expected some of both kinds");
        }
        watcher.at("drawing users again for the intervals", 0, 0);
        Figures.Measured measured = Figures.of(judged, manifest.threshold());
        List<Report.Figure> prior = Figures.prior(judged, (double) positives / judged.size());
        watcher.at("looking at segments", 0, 0);
        return new Report(
                manifest.model().toString(),
                manifest.sha256().hex(),
                manifest.label(),
                "an example is positive if " + held.outcome() + ".",
                data(held, judged),
                measured.figures(),
                prior,
                measured.threshold(),
                Curves.of(judged),
                Segment.of(judged),
                SingleInput.of(examples, labels),
                questions.published());
    }

    private Report.Data data(HeldExamples held, Judged judged) {
        Manifest.Provenance provenance = files.manifest().provenance();
        List<Example> examples = held.judged();
        return new Report.Data(
                held.named(),
                provenance.trainedOn(),
                provenance.licence(),
                provenance.attribution(),
                held.split(),
                judged.size(),
                judged.positives(),
                (int) judged.users().stream().distinct().count(),
                held.isTable()
                        ? null
                        : Instant.ofEpochMilli(examples.get(0).time()).toString(),
                held.isTable()
                        ? null
                        : Instant.ofEpochMilli(examples.get(examples.size() - 1).time())
                                .toString());
    }

    private float[] scores(List<Example> examples) throws ModelRefusedException, ModelFailedException {
        float[] scores = new float[examples.size()];
        List<Inputs> rows = examples.stream().map(Example::inputs).toList();
        try (LoadedModel model = LoadedModel.load(files, ModelLimits.DEFAULT);
                Scorer scorer = model.newScorer()) {
            for (int from = 0; from < scores.length; from += scorer.largestBatch()) {
                watcher.at("scoring", from, scores.length);
                List<Inputs> batch = rows.subList(from, Math.min(scores.length, from + scorer.largestBatch()));
                float[] some = scorer.score(batch);
                System.arraycopy(some, 0, scores, from, some.length);
            }
        }
        return scores;
    }
}
