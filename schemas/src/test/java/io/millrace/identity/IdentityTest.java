package io.millrace.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final Source SHOP = new Source("shop");

    /** Made by Python's uuid.uuid5(namespace, "shop\0purchase-intent\0001.0.0\0é1"). It must never change. */
    @Test
    void predictionId_isTheNameBasedUuidOfItsParts() {
        PredictionId id = PredictionId.of(SHOP, new EventId("é1"), new ModelVersion("purchase-intent", "1.0.0"));

        assertThat(id).hasToString("78f5f08f-fb16-5a8a-8f2c-10b0cd87805d");
        assertThat(id.value().version()).isEqualTo(5);
    }

    @Test
    void predictionIds_differ_whereAnyPartDiffers() {
        Set<PredictionId> ids = new HashSet<>();
        for (String source : new String[] {"a", "ab"}) {
            for (String event : new String[] {"e", "1", "1.0"}) {
                for (String model : new String[] {"m", "m1"}) {
                    for (String version : new String[] {"1", "10"}) {
                        ids.add(PredictionId.of(
                                new Source(source), new EventId(event), new ModelVersion(model, version)));
                    }
                }
            }
        }

        assertThat(ids).hasSize(24);
    }

    @ParameterizedTest
    @CsvSource({"shop, false, u1, shop:u1", "shop, true, u1, shop~u1", "a_b-1, false, x:y~z, a_b-1:x:y~z"})
    void userKey_readsWhatItWrote(String source, boolean anonymous, String id, String text) {
        UserKey key = new UserKey(new Source(source), anonymous, id);

        assertThat(key.text()).isEqualTo(text);
        assertThat(UserKey.parse(text)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", ":u1", "Shop:u1", "shop:"})
    void userKey_refuses_whatIsNone(String text) {
        assertThatThrownBy(() -> UserKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "_a", "A", "a b", "a:b", "a~b", "ä"})
    void source_refuses_whatWouldBreakAKey(String name) {
        assertThat(Source.isValid(name)).isFalse();
        assertThatThrownBy(() -> new Source(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lengths_areBounded() {
        assertThat(new EventId("e".repeat(100)).value()).hasSize(100);
        assertThatThrownBy(() -> new EventId("e".repeat(101))).hasMessageContaining("101");
        assertThatThrownBy(() -> new EventId("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Source("s".repeat(64)).name()).hasSize(64);
        assertThatThrownBy(() -> new Source("s".repeat(65))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UserKey(SHOP, false, "u".repeat(257))).hasMessageContaining("257");
        assertThatThrownBy(() -> new ModelVersion("m".repeat(65), "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ModelVersion("m", "1/2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sha256_isTheDigest() {
        assertThat(Sha256.of("abc".getBytes(UTF_8)))
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThatThrownBy(() -> new Sha256("BA78")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void traceparent_takesW3cContexts_andNothingElse() {
        String valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertThat(Traceparent.parse(valid)).contains(new Traceparent(valid));
        for (String wrong : List.of(
                "",
                "01-what",
                valid + "-more",
                "ff" + valid.substring(2),
                "0x" + valid.substring(2),
                valid.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
                valid.replace("00f067aa0ba902b7", "0".repeat(16)),
                valid.replace("-01", "-0g"),
                "cc" + valid.substring(2) + ".more",
                valid.toUpperCase(Locale.ROOT))) {
            assertThat(Traceparent.parse(wrong)).as(wrong).isEmpty();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(Traceparent.parse(Traceparent.begin().value())).isPresent();
            assertThat(Traceparent.parse(Traceparent.begin().child().value())).isPresent();
        }
    }

    @Test
    void traceparent_ofALaterVersion_goesOnAsVersion00WithTheFlagsItKnows() {
        String valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertThat(Traceparent.parse("01" + valid.substring(2))).contains(new Traceparent(valid));
        assertThat(Traceparent.parse("cc" + valid.substring(2) + "-what-the-future-holds"))
                .contains(new Traceparent(valid));
        assertThat(Traceparent.parse(valid.replace("-01", "-fd"))).contains(new Traceparent(valid));
    }

    @Test
    void traceparent_carriesAState_thatIsOne() {
        String valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertThat(Traceparent.parse(valid, "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE"))
                .hasValueSatisfying(
                        trace -> assertThat(trace.state()).isEqualTo("rojo=00f067aa0ba902b7, congo=t61rcWkgMzE"));
        for (String wrong : List.of("nothing", "a=1,b", "a=" + "1".repeat(600), "a=\u0001", "a=1,".repeat(33), " ")) {
            assertThat(Traceparent.parse(valid, wrong)).as(wrong).contains(new Traceparent(valid));
        }
    }

    @Test
    void traceparent_child_isOfTheSameTraceWithAnotherSpan() {
        Traceparent parent = new Traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1");

        Traceparent child = parent.child();

        assertThat(child.traceId()).isEqualTo(parent.traceId());
        assertThat(child.spanId()).isNotEqualTo(parent.spanId());
        assertThat(child.isSampled()).isTrue();
        assertThat(child.state()).isEqualTo("a=1");
        assertThat(Traceparent.begin().isSampled()).isFalse();
    }
}
