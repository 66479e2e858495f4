package io.millrace.processor.serve;

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
    private final List<ServedModel> models;

    ModelSet(Generation generation) {
        this.generation = generation;
        this.models = generation.models().stream().map(ServedModel::new).toList();
    }

    UserSteps steps() {
        return generation.steps();
    }

    List<ServedModel> models() {
        return models;
    }

    /**
     * Finds the model that a request means.
     *
     * @param name may be empty where one champion alone is loaded
     * @param version may be empty: the champion's
     * @return null where there is none; {@link #why} says so
     */
    @Nullable
    ServedModel find(String name, String version) {
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
