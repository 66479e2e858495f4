package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.aggregate;
import static io.millrace.processor.feature.Samples.count;
import static io.millrace.processor.feature.Samples.property;
import static io.millrace.processor.feature.Samples.ratio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.identity.ModelVersion;
import io.millrace.model.FeatureSpec;
import io.millrace.model.FeatureSpec.Aggregate.Function;
import io.millrace.model.Manifest;
import io.millrace.model.SequenceSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanBuilderTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static FeaturePlan plan(Manifest... models) {
        return FeaturePlan.compile(List.of(models), HOUR);
    }

    @Test
    void sharesWhatModelsDeclareAlike() {
        Manifest one =
                Samples.model("one", count("a", HOUR, "x", "y"), aggregate("sum", Function.SUM, "price", HOUR, 0));
        Manifest two = Samples.model(
                "two", count("b", HOUR, "y", "x", "y"), aggregate("mean", Function.MEAN, "price", HOUR, 9));

        assertThat(plan(one, two).aggregates).hasSize(2);
        assertThat(plan(one, two).maxStateBytes()).isEqualTo(plan(one).maxStateBytes());
    }

    @Test
    void doesNotShareWhatDiffers() {
        Manifest model = Samples.model(
                "m",
                count("a", HOUR, "x"),
                count("b", HOUR, "x", "y"),
                count("c", Duration.ofMinutes(59), "x"),
                Samples.gap("d", HOUR, 0));

        assertThat(plan(model).aggregates).hasSize(4);
    }

    @Test
    void knowsWhetherTraitsAreRead() {
        assertThat(plan(Samples.model("m", count("a", HOUR))).readsTraits()).isFalse();
        assertThat(plan(Samples.model("m", Samples.trait("a", "age", null, 0))).readsTraits())
                .isTrue();
    }

    @Test
    void refusesRatiosOfThemselvesAndOfVectors() {
        Manifest loop = Samples.model("m", ratio("a", "b", "b", 0), ratio("b", "a", "a", 0));
        Manifest vector = Samples.model("m", new FeatureSpec.Vector("v", "v", 2), ratio("r", "v", "v", 0));

        assertThatThrownBy(() -> plan(loop))
                .hasMessage("model m@1: feature a: a ratio of a vector, or of itself; expected features of one value");
        assertThatThrownBy(() -> plan(vector)).hasMessageStartingWith("model m@1: feature r: a ratio of a vector");
    }

    @Test
    void refusesAnAbsentValueThatIsNotFinite() {
        assertThatThrownBy(() -> plan(Samples.model("m", property("p", "p", null, Double.NaN))))
                .hasMessage("model m@1: feature p.absent NaN: expected a finite float32");
        assertThatThrownBy(() -> plan(Samples.model("m", Samples.gap("g", HOUR, 1e39))))
                .hasMessage("model m@1: feature g.absent 1.0E39: expected a finite float32");
    }

    @Test
    void refusesASequenceWithoutOrWithDoubleNames() {
        SequenceSpec none = new SequenceSpec(2, List.of(), List.of(), null, null);
        SequenceSpec twice = new SequenceSpec(2, List.of(), List.of(property("p", "p", null, 0)), "p", null);

        assertThatThrownBy(() -> plan(Samples.model("m", List.of(), none)))
                .hasMessage("model m@1: sequence of []: expected at least one name, each once");
        assertThatThrownBy(() -> plan(Samples.model("m", List.of(), twice)))
                .hasMessage("model m@1: sequence of [p, p]: expected at least one name, each once");
    }

    @Test
    void refusesAModelTwiceAndALatenessBelowZero() {
        Manifest model = Samples.model("m", count("a", HOUR));

        assertThatThrownBy(() -> plan(model, model)).hasMessage("model m@1: given twice");
        assertThatThrownBy(() -> FeaturePlan.compile(List.of(), Duration.ofMillis(-1)))
                .hasMessage("lateness PT-0.001S: expected PT0S or more");
    }

    @Test
    void refusesAModelThatItWasNotCompiledFor() {
        FeaturePlan plan = plan(Samples.model("m", count("a", HOUR)));
        Observation o = plan.observe(Samples.track("a", Samples.MONDAY, "{}"));

        assertThatThrownBy(() -> plan.inputs(new ModelVersion("n", "1"), plan.empty(), o, Traits.NONE))
                .hasMessage("model n@1: expected one of [m@1]");
    }
}
