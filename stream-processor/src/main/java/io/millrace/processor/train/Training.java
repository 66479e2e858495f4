package io.millrace.processor.train;

import io.millrace.identity.Sha256;
import io.millrace.model.Manifest;
import io.millrace.processor.model.FitSettings;
import io.millrace.processor.model.FitWatcher;
import io.millrace.processor.model.FittedNetwork;
import io.millrace.processor.model.ModelFailedException;
import io.millrace.processor.model.ModelFiles;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.model.NetworkTrainer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/** Trains the network that a configuration asks for and its baselines, chooses by cross-validation, judges on the test. */
final class Training {
    private final TrainConfig config;
    private final Consumer<String> progress;

    /**
     * A trained model.
     *
     * @param files fitted to all that training may see, for as many epochs as were best in the median part
     * @param loss log loss over the parts, each scored by a model fitted to the others
     * @param test its judgement on the test
     */
    record Candidate(ModelFiles files, double loss, Judgement test) {}

    /**
     * How it went.
     *
     * @param network the network that was asked for
     * @param logistic the baseline without hidden layers
     * @param prior the baseline that always says the training examples' share of positives
     * @param lossDifference of the log loss over the parts, network less logistic, over the same draws
     * @param aucDifference of the test's ROC AUC, network less logistic, over the same draws
     * @param atThreshold the chosen model's label on the test
     */
    record Result(
            Folds folds,
            Candidate network,
            Candidate logistic,
            Judgement prior,
            Interval lossDifference,
            Interval aucDifference,
            Measure.Confusion atThreshold) {
        Candidate chosen() {
            return networkIsBetter(lossDifference) ? network : logistic;
        }
    }

    private record Fit(ModelFiles files, Measure held, Measure test) {
        Candidate candidate(Bootstrap bootstrap) {
            return new Candidate(files, held.logLoss(held.once()), Judgement.of(test, bootstrap));
        }
    }

    /** Only where its loss over the parts is lower beyond chance; else the simpler one is as good. */
    static boolean networkIsBetter(Interval lossDifference) {
        return lossDifference.high() < 0;
    }

    Training(TrainConfig config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    Result run(Folds folds) throws ModelRefusedException, ModelFailedException {
        Fit network = fit("network", config.fit(), folds);
        Fit logistic = fit("logistic regression", config.fit().logistic(), folds);
        Interval lossDifference = new Bootstrap(folds.train())
                .interval(
                        weights -> network.held().logLoss(weights)
                                - logistic.held().logLoss(weights),
                        network.held().once());
        Fit chosen = networkIsBetter(lossDifference) ? network : logistic;
        Bootstrap bootstrap = new Bootstrap(folds.test());
        return new Result(
                folds,
                network.candidate(bootstrap),
                logistic.candidate(bootstrap),
                Judgement.of(prior(folds), bootstrap),
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

    /** Fits to all parts but one for each part, then to all; the threshold is where F1 is best over the parts. */
    private Fit fit(String name, FitSettings settings, Folds folds) throws ModelRefusedException, ModelFailedException {
        int parts = folds.parts().size();
        int[] epochs = new int[parts];
        float[] scores = new float[folds.train().size()];
        int scored = 0;
        for (int part = 0; part < parts; part++) {
            List<Example> held = folds.parts().get(part);
            FittedNetwork fitted = NetworkTrainer.fit(
                    Folds.set(folds.without(part)),
                    Folds.set(held),
                    settings,
                    tell(name + ", part " + (part + 1) + " of " + parts, settings.epochs()));
            epochs[part] = fitted.epochs();
            float[] some = Judgement.score(files(fitted, 0.5f), held);
            System.arraycopy(some, 0, scores, scored, some.length);
            scored += some.length;
        }
        Arrays.sort(epochs);
        FitSettings last = settings.withEpochs(epochs[parts / 2]);
        FittedNetwork fitted =
                NetworkTrainer.fit(Folds.set(folds.train()), last, tell(name + ", all parts", last.epochs()));
        Measure held = Judgement.measure(scores, folds.train());
        ModelFiles files = files(fitted, (float) held.bestThreshold());
        Measure test = Judgement.measure(Judgement.score(files, folds.test()), folds.test());
        return new Fit(files, held, test);
    }

    private FitWatcher tell(String name, int most) {
        return epoch -> progress.accept(String.format(
                Locale.ROOT,
                "%s: epoch %d of at most %d, loss %.5f, validation %.5f",
                name,
                epoch.number(),
                most,
                epoch.trainLoss(),
                epoch.validationLoss()));
    }

    private static Measure prior(Folds folds) {
        List<Example> train = folds.train();
        float[] scores = new float[folds.test().size()];
        Arrays.fill(scores, (float) train.stream().filter(Example::positive).count() / train.size());
        return Judgement.measure(scores, folds.test());
    }

    private ModelFiles files(FittedNetwork fitted, float threshold) throws ModelRefusedException {
        Manifest draft = config.manifest();
        Manifest manifest = new Manifest(
                draft.model(),
                Manifest.Kind.DJL,
                TrainConfig.ARTIFACT,
                Sha256.of(fitted.artifact()),
                draft.selects(),
                draft.features(),
                null,
                List.of(Manifest.FEATURES),
                new Manifest.Output(0, Manifest.Output.Activation.SIGMOID),
                draft.label(),
                threshold,
                fitted.network(),
                draft.outcome(),
                draft.reference(),
                draft.provenance());
        return ModelFiles.of(manifest, fitted.artifact());
    }

    /** The chosen model with its figures in the manifest. */
    static ModelFiles withMetrics(Candidate chosen) throws ModelRefusedException {
        Manifest m = chosen.files().manifest();
        Manifest.Provenance p = m.provenance();
        Manifest manifest = new Manifest(
                m.model(),
                m.kind(),
                m.artifact(),
                m.sha256(),
                m.selects(),
                m.features(),
                m.sequence(),
                m.inputs(),
                m.output(),
                m.label(),
                m.threshold(),
                Objects.requireNonNull(m.network()),
                m.outcome(),
                m.reference(),
                new Manifest.Provenance(
                        p.trainedOn(),
                        p.licence(),
                        p.attribution(),
                        chosen.test().metrics()));
        return ModelFiles.of(manifest, chosen.files().artifact());
    }
}
