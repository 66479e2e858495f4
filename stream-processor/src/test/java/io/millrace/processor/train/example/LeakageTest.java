package io.millrace.processor.train.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import io.millrace.processor.train.config.TrainConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No feature that can be declared sees what comes later; one that does is found. */
final class LeakageTest {
    private final List<Event> events = Shoppers.events(2400, 30, 5);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noFeature_seesTheFuture(long seed) throws IOException {
        assertThat(Leakage.of(events, this::examples, new Random(seed))).isEmpty();
    }

    @Test
    void shippedModel_doesNotSeeTheFuture() throws IOException {
        Manifest manifest =
                TrainConfig.read(Path.of("models/purchase-intent/train.yaml")).manifest();

        assertThat(Leakage.of(events, given -> build(manifest, given), new Random(4)))
                .isEmpty();
    }

    @Test
    void leakingFeature_isFound() {
        assertThat(Leakage.of(events, given -> leaking(examples(given), given), new Random(1)))
                .containsExactly("orders_to_come");
    }

    private List<Example> examples(List<Event> given) {
        try {
            return build(
                    TrainConfig.read(Shoppers.EVERY_FEATURE.getBytes(StandardCharsets.UTF_8), "test")
                            .manifest(),
                    given);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Example> build(Manifest manifest, List<Event> given) {
        return new ExampleBuilder(manifest, EventOrder.OF_FILES).build(given);
    }

    /** The mistake that this is about: a count over all of a user's orders, whenever they were. */
    private static List<Example> leaking(List<Example> examples, List<Event> given) {
        List<Example> leaking = new ArrayList<>();
        for (Example example : examples) {
            Inputs inputs = example.inputs();
            long orders = given.stream()
                    .filter(event -> event.user().equals(example.user()) && "order_completed".equals(event.name()))
                    .count();
            List<Inputs.Slot> slots = new ArrayList<>(inputs.slots());
            slots.add(new Inputs.Slot("orders_to_come", 1));
            float[] values = Arrays.copyOf(inputs.values(), inputs.values().length + 1);
            values[values.length - 1] = orders;
            leaking.add(new Example(
                    example.event(), example.time(), new Inputs(slots, values, inputs.sequence()), example.positive()));
        }
        return leaking;
    }
}
