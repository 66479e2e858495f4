package io.millrace.processor.featurize;

import static io.millrace.processor.feature.Samples.MONDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.model.FeatureSpec;
import io.millrace.model.Manifest;
import io.millrace.model.Selection;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.Samples;
import io.millrace.processor.feature.Traits;
import io.millrace.processor.feature.UserState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FeaturizerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final List<FeatureSpec> COUNT = List.of(Samples.count("n", HOUR));

    private final FeaturePlan plan = FeaturePlan.compile(
            List.of(
                    model("views", List.of("viewed"), List.of(), COUNT),
                    model("all", List.of(), List.of("shop", "app"), COUNT),
                    model("elsewhere", List.of(), List.of("app"), COUNT),
                    model(
                            "pages",
                            List.of("$page", "viewed"),
                            List.of(),
                            List.of(new FeatureSpec.Vector("v", "v", 2)))),
            HOUR);
    private final Featurizer featurizer = new Featurizer(plan);

    private static Manifest model(String name, List<String> events, List<String> sources, List<FeatureSpec> features) {
        return Samples.model(name, new Selection(events, sources), features, null);
    }

    private List<Featurized> featurize(Event event) {
        Observation o = plan.observe(event);
        UserState state = plan.advance(plan.empty(), o);
        List<Featurized> all = featurizer.featurize(state, o, Traits.NONE);
        assertThat(featurizer.selects(o)).isEqualTo(!all.isEmpty());
        return all;
    }

    @Test
    void givesTheEventToTheModelsThatSelectIt() {
        List<Featurized> viewed = featurize(Samples.track("viewed", MONDAY, "{\"v\":[1,2]}"));
        List<Featurized> page =
                featurize(Samples.event(EventKind.PAGE, "viewed", MONDAY, MONDAY, "{\"v\":[1,2]}", "{}"));
        List<Featurized> other = featurize(Samples.track("other", MONDAY, "{}"));

        assertThat(viewed).extracting(each -> each.model().name()).containsExactly("views", "all", "pages");
        assertThat(page).extracting(each -> each.model().name()).containsExactly("all", "pages");
        assertThat(other).extracting(each -> each.model().name()).containsExactly("all");
        assertThat(viewed).allMatch(each -> each.result() instanceof FeatureResult.Computed);
    }

    @Test
    void refusesForOneModelAlone_whenItsVectorIsMissing() {
        List<Featurized> viewed = featurize(Samples.track("viewed", MONDAY, "{}"));

        assertThat(viewed.get(1).result()).isInstanceOf(FeatureResult.Computed.class);
        assertThat(viewed.get(2).result()).isInstanceOf(FeatureResult.Refused.class);
    }

    @Test
    void selectsNothing_whenThereAreNoModels() {
        FeaturePlan empty = FeaturePlan.compile(List.of(), HOUR);

        assertThat(new Featurizer(empty).selects(empty.observe(Samples.track("viewed", MONDAY, "{}"))))
                .isFalse();
    }
}
