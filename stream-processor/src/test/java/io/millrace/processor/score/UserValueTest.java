package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.event.Profile;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import io.millrace.processor.enrich.Enricher;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.featurize.Featurizer;
import io.millrace.processor.model.ModelFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserValueTest {
    private static final UserKey USER = new UserKey(new Source("web"), false, "u1");
    private static final Instant TIME = Instant.parse("2026-10-01T12:00:00Z");
    private static final byte[] OPEN = {1, 2, 3};
    private static final Profile PROFILE = new Profile(USER, JsonObject.of("{\"plan\":\"pro\"}"), TIME);

    private final UserSteps steps = steps(ModelFiles.PURCHASE_INTENT);

    @Test
    void saysNothing_ofAUserWhoIsNotKnown_whoeverReadsIt() {
        UserValue value = new UserValue(null);
        value.read(USER, steps);

        assertThat(value.isKnown()).isFalse();
        assertThat(value.bytes()).isNull();
        assertThat(value.open()).isEmpty();
        assertThat(value.profile()).isNull();
    }

    @Test
    void givesTheStoredBytes_untilItIsChanged() {
        byte[] stored = UserRecord.encode(PROFILE, OPEN, state(1));
        UserValue value = new UserValue(stored);

        assertThat(value.open()).isEqualTo(OPEN);
        value.read(USER, steps);
        assertThat(value.bytes()).isSameAs(stored);
        assertThat(value.profile()).isEqualTo(PROFILE);
        assertThat(value.open()).isEqualTo(OPEN);
    }

    @Test
    void givesTheBytes_ofWhatAnEventMadeOfIt() {
        UserValue value = new UserValue(UserRecord.encode(PROFILE, OPEN, state(1)));
        value.read(USER, steps);
        take(value, 1);

        assertThat(value.bytes()).isEqualTo(UserRecord.encode(PROFILE, OPEN, state(2)));
        value.open(new byte[] {4});
        assertThat(value.bytes()).isEqualTo(UserRecord.encode(PROFILE, new byte[] {4}, state(2)));
    }

    @Test
    void takesOtherOpenPredictions_readOrNot() {
        UserValue value = new UserValue(UserRecord.encode(PROFILE, OPEN, state(1)));
        value.open(new byte[] {4});
        assertThat(value.bytes()).isEqualTo(UserRecord.encode(PROFILE, new byte[] {4}, state(1)));

        value.read(USER, steps);
        value.open(new byte[0]);
        assertThat(value.bytes()).isEqualTo(UserRecord.encode(PROFILE, new byte[0], state(1)));
    }

    /** Models change while users are in memory. */
    @Test
    void goesByItsBytes_whereThePlanIsAnother() {
        UserValue value = new UserValue(null);
        value.read(USER, steps);
        take(value, 0);
        UserSteps next = steps(ModelFiles.PURCHASE_INTENT);
        value.read(USER, next);

        assertThat(next.isOwn(value.state())).isTrue();
        assertThat(value.bytes()).isEqualTo(UserRecord.encode(null, new byte[0], state(1)));
    }

    @Test
    void refusesDamagedBytes_andKeepsThem() {
        UserValue value = new UserValue(new byte[] {1, 0});
        assertThatIllegalStateException().isThrownBy(() -> value.read(USER, steps));

        assertThat(value.isKnown()).isTrue();
        assertThat(value.bytes()).containsExactly(1, 0);
    }

    /** The state's bytes after so many events. */
    private byte[] state(int events) {
        UserValue value = new UserValue(null);
        value.read(USER, steps);
        for (int i = 0; i < events; i++) {
            take(value, i);
        }
        return value.state().toBytes();
    }

    private void take(UserValue value, int number) {
        Instant time = TIME.plusSeconds(number);
        Event event = new Event(
                new EventId("e" + number),
                USER.source(),
                USER.id(),
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of("{\"price\":10,\"product_id\":\"p1\"}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED));
        UserSteps.Step step = steps.take(value, event, model -> true);
        value.become(value.profile(), value.open(), step.state());
    }

    private static UserSteps steps(String model) {
        List<Manifest> manifests = List.of(shipped(model));
        FeaturePlan plan = FeaturePlan.compile(manifests, Duration.ofHours(1));
        return new UserSteps(new Enricher(), plan, new Featurizer(plan));
    }

    private static Manifest shipped(String model) {
        try {
            return ModelFiles.shipped(model).manifest();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
