package io.millrace.processor.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Labels look ahead, inputs never do. */
final class ExampleBuilderTest {
    private static final Source SHOP = new Source("shop");
    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
    private static final TrainConfig.Target TARGET = new TrainConfig.Target("order_completed", Duration.ofMinutes(5));

    private final TrainConfig config = TrainConfig.read(Path.of("models/purchase-intent/train.yaml"));
    private final ExampleBuilder builder = new ExampleBuilder(config.manifest(), TARGET);

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
        Folds folds = Folds.of(examples, new TrainConfig.Split(0.4, 3), TARGET.within());

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
        Random random = new Random(3);
        List<Event> events = new ArrayList<>();
        for (int second = 0; second < 6000; second += 2) {
            int kind = random.nextInt(20);
            String name = kind == 0 ? "order_completed" : kind < 3 ? "product_added" : "product_viewed";
            events.add(event("u" + random.nextInt(60), name, second));
        }
        return events;
    }

    private static Event event(String user, String name, int second) {
        Instant time = START.plusSeconds(second);
        return new Event(
                new EventId(user + second + name),
                SHOP,
                user,
                null,
                EventKind.TRACK,
                name,
                JsonObject.of("{\"product_id\":\"p" + second % 7 + "\",\"price\":" + (second % 90 + 1) + "}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(time, null, time, time, EventTimes.Basis.PRODUCER));
    }
}
