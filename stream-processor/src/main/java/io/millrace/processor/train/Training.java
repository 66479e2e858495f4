package io.millrace.processor.train;

import io.millrace.processor.model.FitSettings;
import io.millrace.processor.model.FittedNetwork;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.NetworkTrainer;
import io.millrace.processor.model.NetworkTrainer.Checkpoint;
import io.millrace.processor.model.TrainingSet;
import io.millrace.processor.train.config.TrainConfig;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.example.Folds;
import io.millrace.processor.train.measure.Bootstrap;
import io.millrace.processor.train.measure.Interval;
import io.millrace.processor.train.measure.Measure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trains the network that a configuration asks for and its baselines, chooses on held examples, judges on the test. */
final class Training {
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(1);

    private final TrainConfig config;
    private final boolean forced;
    private final @Nullable Path checkpoints;
    private final TrainProgress progress;

    /**
     * A trained model.
     *
     * @param files fitted to what training may see
     * @param loss log loss on the held examples, by models that did not learn from them
     * @param test its judgement on the test
     */
    record Candidate(ModelFiles files, double loss, Judgement test) {}

    /**
     * How it went.
     *
     * @param network the network that was asked for
     * @param logistic the baseline without hidden layers
     * @param prior the baseline that always says the training examples' share of positives
     * @param verdict which is written, if any
     * @param lossDifference of the log loss on the held examples, network less logistic, over the same draws
     * @param aucDifference of the test's ROC AUC, network less logistic, over the same draws
     * @param atThreshold the chosen model's label on the test
     */
    record Result(
            Folds folds,
            Candidate network,
            Candidate logistic,
            Judgement prior,
            Verdict verdict,
            Interval lossDifference,
            Interval aucDifference,
            Measure.Confusion atThreshold) {
        Candidate chosen() {
            return verdict.network() ? network : logistic;
        }
    }

    private record Fit(Learner learner, ModelFiles files, Measure held, Measure test) {
        Candidate candidate(Bootstrap bootstrap) {
            return new Candidate(files, held.logLoss(held.once()), Judgement.of(test, bootstrap));
        }

        Interval lossLess(Measure other, Bootstrap bootstrap) {
            return bootstrap.interval(weights -> held.logLoss(weights) - other.logLoss(weights), held.once());
        }
    }

    /**
     * @param forced whether the network is kept though it beats nothing
     * @param checkpoints where fits leave what they have and go on from, or null
     */
    Training(TrainConfig config, boolean forced, @Nullable Path checkpoints, TrainProgress progress) {
        this.config = config;
        this.forced = forced;
        this.checkpoints = checkpoints;
        this.progress = progress;
    }

    Result run(Folds folds) throws ModelRefusedException, ModelFailedException {
        Fit network = fit(Learner.network(config), folds);
        Fit logistic = fit(Learner.logistic(config), folds);
        Bootstrap held = bootstrap(folds.held());
        Interval lossDifference = network.lossLess(logistic.held(), held);
        Measure prior = prior(folds, folds.held());
        Verdict verdict = Verdict.of(
                lossDifference,
                network.lossLess(prior, held),
                logistic.lossLess(prior, held),
                logistic.learner().ships(),
                forced);
        Fit chosen = verdict.network() ? network : logistic;
        Bootstrap bootstrap = bootstrap(folds.test());
        return new Result(
                folds,
                network.candidate(bootstrap),
                logistic.candidate(bootstrap),
                Judgement.of(prior(folds, folds.test()), bootstrap),
                verdict,
                lossDifference,
                bootstrap.interval(
                        weights ->
                                network.test().rocAuc(weights) - logistic.test().rocAuc(weights),
                        chosen.test().once()),
                chosen.test()
                        .confusion(
                                chosen.files().manifest().threshold(),
                                chosen.test().once()));
    }

    private static Bootstrap bootstrap(List<Example> examples) {
        return Bootstrap.ofUsers(examples.stream().map(Example::user).toList());
    }

    /** The threshold is where F1 is best over the held examples. */
    private Fit fit(Learner learner, Folds folds) throws ModelRefusedException, ModelFailedException {
        float[] scores = new float[folds.held().size()];
        FittedNetwork fitted = folds.byTime() ? fitByTime(learner, folds, scores) : fitByParts(learner, folds, scores);
        Measure held = Judgement.measure(scores, folds.held());
        ModelFiles files = learner.files(fitted, (float) held.bestThreshold());
        Measure test = Judgement.measure(Judgement.scoreRows(files, learner.rows(folds.test())), folds.test());
        return new Fit(learner, files, held, test);
    }

    /** Fits to the earlier examples until the later ones say that it is enough. */
    private FittedNetwork fitByTime(Learner learner, Folds folds, float[] scores)
            throws ModelRefusedException, ModelFailedException {
        FittedNetwork fitted =
                fit(learner, "", "all", learner.set(folds.learnt()), learner.set(folds.held()), learner.settings());
        float[] some = Judgement.scoreRows(learner.files(fitted, 0.5f), learner.rows(folds.held()));
        System.arraycopy(some, 0, scores, 0, some.length);
        return fitted;
    }

    /** Fits to all parts but one for each part, then to all, for as many epochs as were best in the median part. */
    private FittedNetwork fitByParts(Learner learner, Folds folds, float[] scores)
            throws ModelRefusedException, ModelFailedException {
        int parts = folds.parts().size();
        int[] epochs = new int[parts];
        int scored = 0;
        for (int part = 0; part < parts; part++) {
            List<Example> held = folds.parts().get(part);
            FittedNetwork fitted = fit(
                    learner,
                    ", part " + (part + 1) + " of " + parts,
                    "part-" + (part + 1),
                    learner.set(folds.without(part)),
                    learner.set(held),
                    learner.settings());
            epochs[part] = fitted.epochs();
            float[] some = Judgement.scoreRows(learner.files(fitted, 0.5f), learner.rows(held));
            System.arraycopy(some, 0, scores, scored, some.length);
            scored += some.length;
        }
        Arrays.sort(epochs);
        FitSettings last = learner.settings().withEpochs(epochs[parts / 2]);
        return fit(learner, ", all parts", "all", learner.set(folds.train()), null, last);
    }

    private FittedNetwork fit(
            Learner learner,
            String which,
            String key,
            TrainingSet train,
            @Nullable TrainingSet validation,
            FitSettings settings) {
        Checkpoint checkpoint = checkpoints == null
                ? null
                : new Checkpoint(checkpoints.resolve(learner.key() + "-" + key + ".checkpoint"), BETWEEN_CHECKPOINTS);
        return NetworkTrainer.fit(
                train,
                validation,
                settings,
                progress.fit(learner.name() + which, train.size(), settings.epochs()),
                checkpoint);
    }

    private static Measure prior(Folds folds, List<Example> judged) {
        List<Example> learnt = folds.learnt();
        float[] scores = new float[judged.size()];
        Arrays.fill(scores, (float) learnt.stream().filter(Example::positive).count() / learnt.size());
        return Judgement.measure(scores, judged);
    }
}
