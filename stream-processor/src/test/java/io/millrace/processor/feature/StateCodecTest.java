package io.millrace.processor.feature;

import static io.millrace.processor.feature.Samples.MONDAY;
import static io.millrace.processor.feature.Samples.count;
import static io.millrace.processor.feature.Samples.recency;
import static io.millrace.processor.feature.Samples.track;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Event;
import io.millrace.model.Manifest;
import io.millrace.prediction.Inputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of a state: those of older releases are read, damaged ones are refused, and they stay small. */
final class StateCodecTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Manifest ALL_TYPES = Samples.shop(true);
    private static final FeaturePlan PLAN = FeaturePlan.compile(List.of(ALL_TYPES), HOUR);

    /** What {@code state-v1.hex} was written from; never change either: states of released versions look like it. */
    private static UserState written() {
        UserState state = PLAN.empty();
        for (int i = 0; i < 40; i++) {
            state = PLAN.advance(state, PLAN.observe(event(i)));
        }
        return state;
    }

    private static Event event(int i) {
        String[] names = {"product_viewed", "product_viewed", "product_added", "order_completed"};
        String properties = "{\"product_id\":\"p" + i * 7 % 30 + "\",\"price\":" + i * 3.25 + "}";
        return track(names[i % 4], MONDAY.plusSeconds(i < 25 ? i * 11 : i * 3600 - 7200 * (i % 3)), properties);
    }

    private static byte[] fixture() throws IOException {
        try (InputStream in = StateCodecTest.class.getResourceAsStream("state-v1.hex")) {
            String hex = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }

    private static Inputs inputs(UserState state) {
        Observation o = PLAN.observe(event(40));
        FeatureResult result = PLAN.inputs(ALL_TYPES.model(), PLAN.advance(state, o), o, Traits.NONE);
        return ((FeatureResult.Computed) result).inputs();
    }

    @Test
    void readsTheBytesOfVersion1() throws IOException {
        byte[] bytes = fixture();

        Inputs old = inputs(PLAN.decode(bytes, 0, bytes.length));

        Inputs fresh = inputs(written());
        assertThat(old.values()).containsExactly(fresh.values());
        assertThat(Objects.requireNonNull(old.sequence()).values())
                .containsExactly(Objects.requireNonNull(fresh.sequence()).values());
        assertThat(old.values()[2]).isPositive();
    }

    @Test
    void writesTheBytesOfVersion1() throws IOException {
        assertThat(HexFormat.of().formatHex(PLAN.encode(written())))
                .isEqualTo(HexFormat.of().formatHex(fixture()));
    }

    @Test
    void writesTheSameBytes_whenReadBack() {
        byte[] bytes = PLAN.encode(written());
        byte[] within = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, within, 3, bytes.length);

        assertThat(PLAN.encode(PLAN.decode(within, 3, bytes.length))).isEqualTo(bytes);
    }

    @Test
    void refusesBytesThatAreCutOff() {
        byte[] bytes = PLAN.encode(written());

        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> PLAN.decode(bytes, 0, cut))
                    .isInstanceOf(CorruptStateException.class)
                    .hasMessageContaining("user state of " + cut + " bytes, at byte ");
        }
    }

    @Test
    void refusesOrSurvivesBytesThatAreDamaged() {
        byte[] bytes = PLAN.encode(written());
        Random random = new Random(5);
        int refused = 0;

        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = bytes.clone();
            for (int j = 0; j <= i % 3; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                Inputs inputs = inputs(PLAN.decode(damaged, 0, damaged.length));
                for (float value : inputs.values()) {
                    assertThat(value).isFinite();
                }
            } catch (CorruptStateException e) {
                refused++;
            }
        }

        assertThat(refused).isPositive();
    }

    @Test
    void refusesALaterVersion() {
        byte[] bytes = PLAN.encode(written());
        bytes[0] = 2;

        assertThatThrownBy(() -> PLAN.decode(bytes, 0, bytes.length))
                .isInstanceOf(StateVersionException.class)
                .hasMessage("store users, its features' part, holds state of version 2: expected 1 or earlier; a later"
                        + " release wrote it, run that one");
    }

    @Test
    void keepsOneModelsMemory_whenAnotherIsAddedOrRemoved() {
        Manifest one = Samples.model("one", count("n", HOUR), recency("r", HOUR));
        Manifest two = Samples.model("two", count("m", Duration.ofDays(1)), count("same", HOUR));
        FeaturePlan first = FeaturePlan.compile(List.of(one), HOUR);
        FeaturePlan both = FeaturePlan.compile(List.of(two, one), HOUR);
        UserState state = first.advance(first.empty(), first.observe(track("a", MONDAY, "{}")));

        byte[] before = first.encode(state);
        Observation o = both.observe(track("a", MONDAY.plusSeconds(9), "{}"));
        UserState after = both.advance(both.decode(before, 0, before.length), o);

        assertThat(values(both.inputs(one.model(), after, o, Traits.NONE))).containsExactly(2, 9);
        assertThat(values(both.inputs(two.model(), after, o, Traits.NONE))).containsExactly(1, 2);
        byte[] bytes = both.encode(after);
        byte[] without = first.encode(first.decode(bytes, 0, bytes.length));
        assertThat(without.length).isBetween(before.length, bytes.length - 1);
    }

    @Test
    void readsMorePanesThanItKeeps_whenTheLatenessBecomesShorter() {
        Manifest model = Samples.model("m", count("n", HOUR));
        FeaturePlan long_ = FeaturePlan.compile(List.of(model), HOUR);
        FeaturePlan short_ = FeaturePlan.compile(List.of(model), Duration.ZERO);
        UserState state = long_.empty();
        for (int minute = 0; minute < 115; minute++) {
            state = long_.advance(state, long_.observe(track("a", MONDAY.plus(Duration.ofMinutes(minute)), "{}")));
        }
        byte[] bytes = long_.encode(state);

        Observation o = short_.observe(track("a", MONDAY.plus(Duration.ofMinutes(115)), "{}"));
        UserState after = short_.advance(short_.decode(bytes, 0, bytes.length), o);

        assertThat(values(short_.inputs(model.model(), after, o, Traits.NONE))).containsExactly(56);
        assertThat(short_.encode(after).length).isLessThan(bytes.length);
    }

    @Test
    void refusesAnotherPlansState() {
        FeaturePlan other = FeaturePlan.compile(List.of(ALL_TYPES), HOUR);

        assertThatThrownBy(() -> other.encode(PLAN.empty())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesFewBytes_whenThereWasNoEvent() {
        byte[] bytes = PLAN.encode(PLAN.empty());

        assertThat(bytes).containsExactly(1, 0, 0);
        assertThatCode(() -> PLAN.decode(bytes, 0, 3)).doesNotThrowAnyException();
        assertThat(PLAN.decode(Arrays.copyOf(bytes, 3), 0, 3).isEmpty()).isTrue();
    }

    private static float[] values(FeatureResult result) {
        return ((FeatureResult.Computed) result).inputs().values();
    }
}
