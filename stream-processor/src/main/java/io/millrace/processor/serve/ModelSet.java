package io.millrace.processor.serve;

import io.millrace.grpc.v1.PredictRequest;
import io.millrace.identity.UserKey;
import io.millrace.prediction.Role;
import io.millrace.processor.score.ActiveModel;
import io.millrace.processor.score.Generation;
import io.millrace.processor.score.UserSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Models that score together, and the steps that compute their features. Immutable and safe for all threads. */
final class ModelSet {
    private final Generation generation;
    private final String usual;
    private final List<ServedModel> models;

    /** @param usual name of the model that is meant where none is named and several could be */
    ModelSet(Generation generation, String usual) {
        this.generation = generation;
        this.usual = usual;
        this.models = generation.models().stream().map(ServedModel::new).toList();
    }

    UserSteps steps() {
        return generation.steps();
    }

    List<ServedModel> models() {
        return models;
    }

    /**
     * Finds the model that a request means: the one it names; else the only one; else the only one whose features it
     * gives; else the usual one.
     *
     * @return null where there is none; {@link #why} says so
     */
    @Nullable
    ServedModel find(PredictRequest request) {
        String name = request.getModel();
        String version = request.getVersion();
        List<ServedModel> found = new ArrayList<>();
        for (ServedModel model : models) {
            boolean named = name.isEmpty() || model.name().equals(name);
            boolean meant = version.isEmpty()
                    ? model.active().role() == Role.CHAMPION
                    : model.version().equals(version);
            if (named && meant) {
                found.add(model);
            }
        }
        if (found.size() > 1 && request.hasInputs()) {
            List<ServedModel> takers = found.stream()
                    .filter(model -> model.reader().takesNamesOf(request.getInputs()))
                    .toList();
            if (takers.size() == 1) {
                return takers.get(0);
            }
        }
        if (found.size() > 1) {
            // Features that are nobody's are asked of the usual one too: it says which of them is wrong.
            found.removeIf(model -> !model.name().equals(usual));
        }
        return found.size() == 1 ? found.get(0) : null;
    }

    /** The version of a champion's model that a user gets: the champion itself, or the canary in its place. */
    ServedModel forUser(ServedModel champion, UserKey user) {
        ActiveModel main = generation.main(champion.name(), user).orElse(champion.active());
        for (ServedModel model : models) {
            if (model.active().equals(main)) {
                return model;
            }
        }
        return champion;
    }

    /** One sentence on what could have been asked for. */
    String why(String name, String version) {
        String given = name.isEmpty() ? "none" : "\"" + name + "\"";
        return "model: given " + given + (version.isEmpty() ? "" : " of version \"" + version + "\"")
                + ", expected one of "
                + models.stream()
                        .map(model -> model.name() + " " + model.version() + " ("
                                + model.active().role().text() + ")")
                        .collect(Collectors.joining(", "));
    }
}
