package io.millrace.processor.serve;

import io.millrace.grpc.v1.Feature;
import io.millrace.grpc.v1.Inputs;
import io.millrace.grpc.v1.Sequence;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import io.millrace.prediction.Inputs.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a request's inputs as one model takes them, or says what is wrong with them. Immutable. */
final class InputsReader {
    private record Place(int slot, int at, int width) {}

    private final List<Slot> slots;
    private final Map<String, Place> places = new HashMap<>();
    private final int width;
    private final @Nullable SequenceSpec sequence;
    private final List<String> stepNames;

    InputsReader(Manifest manifest) {
        List<Slot> all = new ArrayList<>();
        int at = 0;
        for (FeatureSpec feature : manifest.features()) {
            places.put(feature.name(), new Place(all.size(), at, feature.width()));
            all.add(new Slot(feature.name(), feature.width()));
            at += feature.width();
        }
        this.slots = List.copyOf(all);
        this.width = at;
        this.sequence = manifest.sequence();
        this.stepNames = sequence == null ? List.of() : sequence.stepNames();
    }

    /** Whether the features are those of the model by their names, whatever their values. */
    boolean takesNamesOf(Inputs given) {
        return given.getFeaturesCount() == places.size()
                && given.getFeaturesList().stream().allMatch(feature -> places.containsKey(feature.getName()));
    }

    /**
     * Reads them.
     *
     * @throws WrongInputsException with one sentence
     */
    io.millrace.prediction.Inputs read(Inputs given) throws WrongInputsException {
        float[] values = new float[width];
        boolean[] seen = new boolean[slots.size()];
        for (int i = 0; i < given.getFeaturesCount(); i++) {
            Feature feature = given.getFeatures(i);
            Place place = places.get(feature.getName());
            if (place == null) {
                throw new WrongInputsException("feature \"" + feature.getName() + "\": expected one of "
                        + slots.stream().map(Slot::name).toList());
            }
            if (seen[place.slot()]) {
                throw new WrongInputsException("feature " + feature.getName() + ": given twice, expected once");
            }
            seen[place.slot()] = true;
            if (feature.getValuesCount() != place.width()) {
                throw new WrongInputsException("feature " + feature.getName() + ": given " + feature.getValuesCount()
                        + " values, expected " + place.width());
            }
            for (int j = 0; j < place.width(); j++) {
                values[place.at() + j] = finite(feature.getName(), feature.getValues(j));
            }
        }
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                throw new WrongInputsException("feature " + slots.get(i).name()
                        + ": given none, expected a value for each of the model's " + seen.length + " features");
            }
        }
        return new io.millrace.prediction.Inputs(slots, values, sequence(given));
    }

    private io.millrace.prediction.Inputs.@Nullable Sequence sequence(Inputs given) throws WrongInputsException {
        if (sequence == null) {
            if (given.hasSequence()) {
                throw new WrongInputsException("sequence: given one, expected none, as the model takes none");
            }
            return null;
        }
        if (!given.hasSequence()) {
            throw new WrongInputsException("sequence: given none, expected steps of " + stepNames);
        }
        Sequence steps = given.getSequence();
        if (!steps.getNamesList().equals(stepNames)) {
            throw new WrongInputsException("sequence.names: given " + steps.getNamesList() + ", expected " + stepNames);
        }
        int count = steps.getValuesCount() / stepNames.size();
        if (count * stepNames.size() != steps.getValuesCount() || count > sequence.length()) {
            throw new WrongInputsException("sequence.values: given " + steps.getValuesCount()
                    + " values, expected at most " + sequence.length() + " steps of " + stepNames.size());
        }
        float[] values = new float[steps.getValuesCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = finite("sequence.values", steps.getValues(i));
        }
        return new io.millrace.prediction.Inputs.Sequence(stepNames, count, values);
    }

    private static float finite(String name, float value) throws WrongInputsException {
        if (!Float.isFinite(value)) {
            throw new WrongInputsException(name + ": given " + value + ", expected a finite float32");
        }
        return value;
    }

    /** As {@link #write} would say what was read, without writing it where it was given in tensor order. */
    Inputs said(Inputs given, io.millrace.prediction.Inputs read) {
        for (int i = 0; i < slots.size(); i++) {
            if (!given.getFeatures(i).getName().equals(slots.get(i).name())) {
                return write(read);
            }
        }
        return given;
    }

    /** The same back: what a model was told, in tensor order. */
    static Inputs write(io.millrace.prediction.Inputs inputs) {
        Inputs.Builder out = Inputs.newBuilder();
        int at = 0;
        for (Slot slot : inputs.slots()) {
            Feature.Builder feature = Feature.newBuilder().setName(slot.name());
            for (int i = 0; i < slot.width(); i++) {
                feature.addValues(inputs.values()[at++]);
            }
            out.addFeatures(feature);
        }
        io.millrace.prediction.Inputs.Sequence steps = inputs.sequence();
        if (steps != null) {
            Sequence.Builder sequence = Sequence.newBuilder().addAllNames(steps.names());
            for (float value : steps.values()) {
                sequence.addValues(value);
            }
            out.setSequence(sequence);
        }
        return out.build();
    }
}
