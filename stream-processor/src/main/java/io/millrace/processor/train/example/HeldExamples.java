package io.millrace.processor.train.example;

import io.millrace.event.Event;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.model.Manifest;
import io.millrace.model.OutcomeSpec;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.file.FileShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Examples to judge a model on, and what the judge must know of them. The model's own features are computed, by the code
 * that serves.
 *
 * @param all that were built, in time order: what came before an example tells its place in a session
 * @param judged those that the model is judged on, in time order
 * @param known users among the examples that training learnt from; empty where nobody knows
 * @param isTable whether they are rows that have no time and no users
 * @param named the files, or the topic
 * @param split which examples are judged, in a sentence
 * @param outcome how the truth is told, in a sentence
 */
public record HeldExamples(
        List<Example> all,
        List<Example> judged,
        Set<UserKey> known,
        boolean isTable,
        String named,
        String split,
        String outcome) {
    public HeldExamples {
        all = List.copyOf(all);
        judged = List.copyOf(judged);
        known = Set.copyOf(known);
        if (judged.isEmpty()) {
            throw new IllegalArgumentException(named
                    + ": given no event that the model selects and whose outcome the data still reach, expected some");
        }
    }

    /**
     * The test of a training's configuration, which that training looked at once.
     *
     * @param whole whether all examples are judged: for a model that was not trained on these data
     * @param bootstrapServers of the broker with the configuration's topic, or null
     * @param say hears what the data are
     * @throws IllegalArgumentException if the configuration or the data are not as they should be, saying what
     */
    public static HeldExamples of(
            Path configFile,
            Manifest model,
            Path data,
            boolean whole,
            @Nullable String bootstrapServers,
            Consumer<String> say)
            throws IOException {
        TrainConfig config = TrainConfig.read(configFile);
        TrainConfig.Data from = config.data();
        List<Event> events = DataEvents.read(from, data, bootstrapServers, say);
        OutcomeSpec outcome = model.outcome() == null ? config.outcome() : model.outcome();
        List<Example> examples = new ExampleBuilder(
                        model.with(outcome, model.reference(), model.provenance()), EventOrder.of(from))
                .build(events);
        if (whole || examples.isEmpty()) {
            return new HeldExamples(
                    examples,
                    examples,
                    Set.of(),
                    from.isTable(),
                    from.named(),
                    "all examples",
                    OutcomeText.of(outcome));
        }
        Folds folds = from.isTable()
                ? Folds.ofRows(examples, config.split())
                : Folds.of(examples, config.split(), outcome.within());
        return new HeldExamples(
                examples,
                folds.test(),
                folds.learnt().stream().map(Example::user).collect(Collectors.toSet()),
                from.isTable(),
                from.named(),
                (from.isTable() ? "rows chosen by a hash, " : "the latest examples, ")
                        + Math.round(100 * config.split().test()) + " % of all, which training did not see",
                OutcomeText.of(outcome));
    }

    /**
     * All examples of some files, by the model's own outcome.
     *
     * @throws IllegalArgumentException if the model has none, or a line is no event
     */
    public static HeldExamples of(
            List<Path> files, FileShape shape, Source source, Manifest model, Consumer<String> say) throws IOException {
        OutcomeSpec outcome = model.outcome();
        if (outcome == null) {
            throw new IllegalArgumentException(model.model()
                    + ": given a manifest without an outcome, expected one, or a configuration that has it");
        }
        TrainConfig.Data data = new TrainConfig.Data(
                files.stream().map(Path::toString).toList(),
                shape,
                TrainConfig.Unreadable.REFUSE,
                source,
                1,
                TrainConfig.Data.LIMIT,
                null);
        List<Example> examples =
                new ExampleBuilder(model, EventOrder.of(data)).build(FileEvents.read(files, data, say));
        return new HeldExamples(
                examples, examples, Set.of(), data.isTable(), data.named(), "all examples", OutcomeText.of(outcome));
    }
}
