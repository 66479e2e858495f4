package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.fuzz.BadInput;
import io.millrace.fuzz.FuzzRun;
import io.millrace.model.Manifest;
import io.millrace.processor.enrich.Enricher;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.featurize.Featurizer;
import io.millrace.processor.model.ModelFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Whatever can be read as an event is taken into its user's state, which stays within its bound, and gives each shipped model
 * finite inputs or a refusal with a code.
 */
class FeaturizeFuzzTest {
    private static final int USUAL = 3_000;
    private static final int USERS = 64;

    /** What a record of a user has beside the state: the profile, its user and its time. */
    private static final int PROFILE_BYTES = Enricher.MOST_BYTES + 1_024;

    /** The newest users' stored bytes. */
    private static final class Store extends LinkedHashMap<String, byte[]> {
        private static final long serialVersionUID = 1;

        Store() {
            super(USERS, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > USERS;
        }
    }

    @Test
    void events_changeTheStateWithinItsBound_andGiveFiniteInputs() throws Exception {
        List<Manifest> manifests = new ArrayList<>();
        for (String name : ModelFiles.shippedNames()) {
            manifests.add(ModelFiles.shipped(name).manifest());
        }
        FeaturePlan plan = FeaturePlan.compile(manifests, Duration.ofHours(1));
        UserSteps steps = new UserSteps(new Enricher(), plan, new Featurizer(plan));
        long most = plan.maxStateBytes() + PROFILE_BYTES;
        Store stored = new Store();
        BadInput inputs = new BadInput(FuzzRun.seed(), FuzzRun.examples("event"));

        Map<String, Long> outcomes = FuzzRun.run("featurize", FuzzRun.inputs(USUAL), inputs::nextEvent, bytes -> {
            Event event;
            try {
                event = EventCodec.decode(bytes);
            } catch (DecodeException e) {
                return e.reason().code();
            }
            String user = event.user().text();
            UserValue value = new UserValue(stored.get(user));
            value.read(event.user(), steps);
            UserSteps.Step step = steps.take(value, event, model -> true);
            value.become(step.enrichment().profile(), value.open(), step.state());
            byte[] record = value.bytes();
            assertThat(record).hasSizeLessThanOrEqualTo(Math.toIntExact(most));
            stored.put(user, record);
            for (Featurized one : step.featurized()) {
                hold(one.result());
            }
            steps.again(event.user(), record, event, model -> true).forEach(one -> hold(one.result()));
            return "taken " + step.arrival();
        });

        assertThat(outcomes).containsKeys("taken IN_ORDER", "taken TOO_LATE", "invalid_timestamp");
    }

    private static void hold(FeatureResult result) {
        if (result instanceof FeatureResult.Computed computed) {
            for (float value : computed.inputs().values()) {
                assertThat(Float.isFinite(value)).isTrue();
            }
        } else if (result instanceof FeatureResult.Refused refused) {
            assertThat(refused.reason().code()).isNotEmpty();
        }
    }
}
