package io.millrace.processor.train.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.identity.UserKey;
import io.millrace.prediction.Inputs;
import io.millrace.processor.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Labels look ahead, inputs never do. */
final class ExampleBuilderTest {

    private final TrainConfig config = TrainConfig.read(Path.of("models/purchase-intent/train.yaml"));
    private final ExampleBuilder builder = new ExampleBuilder(config.manifest(), EventOrder.OF_FILES);

    ExampleBuilderTest() throws IOException {}

    @Test
    void positive_whenTheTargetComesStrictlyLaterAndSoonEnough() {
        List<Example> examples = builder.build(List.of(
                event("late", "product_viewed", 0),
                event("now", "product_viewed", 1),
                event("now", "order_completed", 1),
                event("soon", "product_viewed", 2),
                event("soon", "order_completed", 302),
                event("late", "order_completed", 301),
                event("end", "$", 3600)));

        assertThat(examples).extracting(example -> example.user().id()).containsExactly("late", "now", "soon");
        assertThat(examples).extracting(Example::positive).containsExactly(false, false, true);
    }

    @Test
    void leftOut_whenNobodyKnowsTheLabelYet() {
        List<Example> examples =
                builder.build(List.of(event("u", "product_viewed", 0), event("u", "product_viewed", 301)));

        assertThat(examples).hasSize(1);
    }

    @Test
    void inputs_areTheSameWhateverComesLater() {
        List<Event> events = shoppers();
        List<Example> whole = builder.build(events);

        for (int known : new int[] {events.size() / 3, events.size() / 2}) {
            List<Event> past = new ArrayList<>(events.subList(0, known));
            past.add(event("end", "$", 100_000));
            List<Inputs> inputs =
                    builder.build(past).stream().map(Example::inputs).toList();

            assertThat(inputs)
                    .isNotEmpty()
                    .isEqualTo(whole.stream()
                            .limit(inputs.size())
                            .map(Example::inputs)
                            .toList());
        }
    }

    @Test
    void order_ofTheFilesDoesNotMatter() {
        List<Event> events = shoppers();
        List<Event> mixed = new ArrayList<>(events);
        Collections.shuffle(mixed, new Random(2));

        assertThat(builder.build(mixed)).isEqualTo(builder.build(events));
    }

    @Test
    void folds_knowNothingOfTheTestAndShareNoUser() {
        List<Example> examples = builder.build(shoppers());
        Folds folds = Folds.of(examples, new TrainConfig.Split(0.4, 3), Duration.ofMinutes(5));

        long testFrom = folds.test().get(0).time();
        assertThat(folds.train()).allMatch(example -> example.time() + 300_000 < testFrom);
        assertThat(folds.test()).hasSizeGreaterThanOrEqualTo((int) (0.4 * examples.size()));
        Set<UserKey> users = new HashSet<>();
        for (List<Example> part : folds.parts()) {
            Set<UserKey> ofPart = new HashSet<>();
            part.forEach(example -> ofPart.add(example.user()));
            assertThat(ofPart).noneMatch(users::contains);
            users.addAll(ofPart);
        }
        assertThat(folds.without(1))
                .hasSize(folds.parts().get(0).size() + folds.parts().get(2).size());
    }

    private static List<Event> shoppers() {
        return Shoppers.events(6000, 60, 3);
    }

    private static Event event(String user, String name, int second) {
        return Shoppers.event(user, name, second);
    }
}
