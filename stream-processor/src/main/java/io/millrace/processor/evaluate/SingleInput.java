package io.millrace.processor.evaluate;

import io.millrace.prediction.Inputs;
import io.millrace.processor.train.example.Example;
import io.millrace.processor.train.measure.Measure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How well one input alone orders the examples: whatever knows nearly everything by itself is looked at for leakage.
 *
 * @param rocAuc of the value as a score; below 0.5 means that low values are positive
 */
public record SingleInput(String name, double rocAuc) {
    private double strength() {
        return Math.abs(rocAuc - 0.5);
    }

    /** Every dense value, the strongest first. */
    static List<SingleInput> of(List<Example> examples, boolean[] labels) {
        List<SingleInput> inputs = new ArrayList<>();
        int column = 0;
        for (Inputs.Slot slot : examples.get(0).inputs().slots()) {
            for (int i = 0; i < slot.width(); i++, column++) {
                float[] values = new float[examples.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = examples.get(row).inputs().values()[column];
                }
                Measure measure = new Measure(values, labels);
                inputs.add(new SingleInput(
                        slot.width() == 1 ? slot.name() : slot.name() + "[" + i + "]", measure.rocAuc(measure.once())));
            }
        }
        inputs.removeIf(input -> Double.isNaN(input.rocAuc()));
        inputs.sort(Comparator.comparingDouble(SingleInput::strength).reversed());
        return List.copyOf(inputs);
    }
}
