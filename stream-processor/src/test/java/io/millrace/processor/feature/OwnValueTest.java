package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.MONDAY;
import static io.millrace.processor.feature.Samples.aggregate;
import static io.millrace.processor.feature.Samples.property;
import static io.millrace.processor.feature.Samples.ratio;
import static io.millrace.processor.feature.Samples.track;
import static io.millrace.processor.feature.Samples.trait;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.model.FeatureSpec;
import io.millrace.model.FeatureSpec.Aggregate.Function;
import io.millrace.model.FeatureSpec.Cyclic;
import io.millrace.model.Transform;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the features of the event alone say, and of the profile. */
final class OwnValueTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Event with(String properties) {
        return track("product_viewed", MONDAY, properties);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"p":12}                     | 12
                    {"p":-0.25}                  | -0.25
                    {"p":1e3}                    | 1000
                    {"p":0.1}                    | 0.1
                    {"p":true}                   | 1
                    {"p":false}                  | 0
                    {"p":123456789012345678901}  | 1.2345679e20
                    {"p":3.4e38}                 | 3.4e38
                    {"p":1e-999}                 | 0
                    {"p":3.5e38}                 | -7
                    {"p":1e999}                  | -7
                    {"p":"12"}                   | -7
                    {"p":null}                   | -7
                    {"p":[1]}                    | -7
                    {"p":{"p":1}}                | -7
                    {"q":{"p":1}}                | -7
                    {}                           | -7
                    {"p":1,"p":2}                | 2
                    {"p":1,"p":"x"}              | -7
                    """)
    void readsANumber(String properties, float expected) {
        OneUser user = new OneUser(HOUR, property("f", "p", null, -7));

        assertThat(user.values(with(properties))).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"p":"shoes"}                | 1
                    {"p":"sh\\u006fes"}          | 1
                    {"p":"Shoes"}                | 0
                    {"p":""}                     | 0
                    {"p":7}                      | 0
                    {"p":null}                   | -7
                    {"p":["shoes"]}              | -7
                    {}                           | -7
                    {"p":"shoes","p":null}       | -7
                    """)
    void comparesAText(String properties, float expected) {
        OneUser user = new OneUser(HOUR, property("f", "p", "shoes", -7));

        assertThat(user.values(with(properties))).containsExactly(expected);
    }

    @Test
    void comparesNumbersAndBooleansAsTheyAreWritten() {
        OneUser user = new OneUser(HOUR, property("seven", "p", "7", -1), property("true", "p", "true", -1));

        assertThat(user.values(with("{\"p\":7}"))).containsExactly(1, 0);
        assertThat(user.values(with("{\"p\":7.0}"))).containsExactly(0, 0);
        assertThat(user.values(with("{\"p\":true}"))).containsExactly(0, 1);
    }

    @Test
    void readsTheNameOfTheEvent() {
        OneUser user = new OneUser(HOUR, property("f", "$name", "$page", -1));
        Event page = Samples.event(EventKind.PAGE, "Home", MONDAY, MONDAY, "{}", "{}");

        assertThat(user.values(page)).containsExactly(1);
        assertThat(user.values(with("{\"$name\":\"$page\"}"))).containsExactly(0);
    }

    @Test
    void readsNumbersLongerThanParsersAllow() {
        OneUser user = new OneUser(HOUR, property("f", "p", null, -7));

        assertThat(user.values(with("{\"p\":0." + "1".repeat(30_000) + "}"))).containsExactly(0.11111111f);
        assertThat(user.values(with("{\"p\":" + "1".repeat(30_000) + "}"))).containsExactly(-7);
    }

    @Test
    void readsTraits() {
        OneUser user = new OneUser(HOUR, trait("age", "age", null, -1), trait("pro", "plan", "pro", -2));

        assertThat(user.inputs(with("{}"), "{\"age\":41,\"plan\":\"pro\"}").values())
                .containsExactly(41, 1);
        assertThat(user.inputs(with("{}"), "{\"age\":\"41\",\"plan\":\"free\"}").values())
                .containsExactly(-1, 0);
        assertThat(user.inputs(with("{}"), "{\"plan\":{\"pro\":1}}").values()).containsExactly(-1, -2);
    }

    @Test
    void turnsWithTheDayAndTheWeek() {
        OneUser user = new OneUser(
                HOUR,
                new Cyclic("day_sin", Cyclic.Cycle.DAY, Cyclic.Part.SIN),
                new Cyclic("day_cos", Cyclic.Cycle.DAY, Cyclic.Part.COS),
                new Cyclic("week_cos", Cyclic.Cycle.WEEK, Cyclic.Part.COS));

        assertThat(user.values(track("a", MONDAY.minus(Duration.ofHours(12)), "{}")))
                .containsExactly(0, 1, 1);
        assertThat(user.values(track("a", MONDAY.minus(Duration.ofHours(6)), "{}"))[0])
                .isEqualTo(1);
        assertThat(user.values(track("a", MONDAY, "{}"))[1]).isEqualTo(-1);
        assertThat(user.values(track("a", MONDAY.plus(Duration.ofDays(3)), "{}"))[2])
                .isEqualTo(-1);
    }

    @Test
    void dividesBeforeTheTransforms() {
        FeatureSpec half = new FeatureSpec.Property("a", "a", null, 0, Transform.LOG1P, null);
        FeatureSpec other = new FeatureSpec.Property("b", "b", null, 0, Transform.LOG1P, null);
        OneUser user = new OneUser(
                HOUR,
                ratio("squared", "rate", "rate", -1),
                new FeatureSpec.Ratio("rate", "a", "b", -3, Transform.LOG1P),
                half,
                other);

        assertThat(user.values(with("{\"a\":-3,\"b\":1}")))
                .containsExactly(1, (float) -Math.log1p(3), (float) -Math.log1p(3), (float) Math.log1p(1));
        assertThat(user.values(with("{\"a\":3}"))[1]).isEqualTo((float) -Math.log1p(3));
    }

    @Test
    void staysFinite_whenSumsAndRatiosOverflow() {
        OneUser user = new OneUser(
                HOUR,
                aggregate("sum", Function.SUM, "a", HOUR, 0),
                property("a", "a", null, 0),
                property("b", "b", null, 1),
                ratio("ratio", "sum", "b", 0),
                ratio("again", "ratio", "ratio", 0));

        user.values(with("{\"a\":3e38,\"b\":1e-40}"));

        assertThat(user.values(with("{\"a\":3e38,\"b\":1e-40}")))
                .containsExactly(Float.MAX_VALUE, 3e38f, 1e-40f, Float.MAX_VALUE, 1);
    }

    @Test
    void readsAVector() {
        OneUser user = new OneUser(
                HOUR,
                property("first", "p", null, 0),
                new FeatureSpec.Vector("embedding", "e", 3),
                property("last", "p", null, 0));

        assertThat(user.values(with("{\"p\":5,\"e\":[1,-2.5,3e1]}"))).containsExactly(5, 1, -2.5f, 30, 5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                | is not there
                    {"e":[1,2]}       | has 2 numbers
                    {"e":[1,2,3,4]}   | has 4 numbers
                    {"e":[1,"2",3]}   | is no array of float32 numbers
                    {"e":[1,[2],3]}   | is no array of float32 numbers
                    {"e":[1,1e39,3]}  | is no array of float32 numbers
                    {"e":[1,true,3]}  | is no array of float32 numbers
                    {"e":7}           | is no array of float32 numbers
                    """)
    void refusesTheEvent_whenTheVectorIsNotAsDeclared(String properties, String what) {
        OneUser user = new OneUser(HOUR, new FeatureSpec.Vector("embedding", "e", 3));

        assertThat(user.refusal(with(properties)))
                .isEqualTo("feature embedding: property \"e\" " + what + ", expected an array of 3 numbers");
    }
}
