package io.millrace.processor.score;

import io.millrace.event.Event;
import io.millrace.event.Profile;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.UserKey;
import io.millrace.processor.enrich.Enricher;
import io.millrace.processor.enrich.Enrichment;
import io.millrace.processor.feature.Arrival;
import io.millrace.processor.feature.FeaturePlan;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.feature.Traits;
import io.millrace.processor.feature.UserState;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.featurize.Featurizer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an event does to its user, as a pure step from the stored bytes to the next: the stream takes it and stores the
 * result, "what if" takes it and stores nothing. Immutable and safe for all threads.
 */
public final class UserSteps {
    private final Enricher enricher;
    private final FeaturePlan plan;
    private final Featurizer featurizer;

    public UserSteps(Enricher enricher, FeaturePlan plan, Featurizer featurizer) {
        this.enricher = enricher;
        this.plan = plan;
        this.featurizer = featurizer;
    }

    /**
     * One event, taken.
     *
     * @param enrichment of the profile
     * @param arrival of the event among its user's
     * @param newer the time of the user's newest event, where this one came late; else null
     * @param record what is stored of the user from now on
     * @param state what the record says of the features, to be given with it when the user's next event is taken
     * @param featurized for each model that selects the event
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and compared by nobody
    public record Step(
            Enrichment enrichment,
            Arrival arrival,
            @Nullable Instant newer,
            byte[] record,
            UserState state,
            List<Featurized> featurized) {}

    /** Takes an event of a user of whom {@code stored} is known. */
    public Step take(UserKey user, byte @Nullable [] stored, Event event) {
        return take(user, stored, null, event, model -> true);
    }

    /**
     * The same, with inputs for those models alone that are wanted.
     *
     * @param known of the step that made {@code stored}, which saves reading it; it is used up. Null where it is not at hand
     */
    public Step take(
            UserKey user,
            byte @Nullable [] stored,
            @Nullable UserState known,
            Event event,
            Predicate<ModelVersion> wanted) {
        UserRecord before = stored == null ? null : UserRecord.decode(user, stored);
        Enrichment enrichment = enricher.merge(before == null ? null : before.profile(), event);
        Observation observation = plan.observe(event);
        UserState state = known != null && known.isOf(plan) ? known : state(before);
        Arrival arrival = plan.arrival(state, observation);
        Instant newer = arrival == Arrival.IN_ORDER ? null : state.newest().orElse(null);
        state = plan.advance(state, observation);
        Profile profile = enrichment.profile();
        List<Featurized> featurized = featurizer.featurize(state, observation, traits(profile), wanted);
        byte[] record = UserRecord.encode(before, profile, plan.encode(state));
        return new Step(enrichment, arrival, newer, record, state, featurized);
    }

    /**
     * An event that was taken before and is only to be scored: inputs as of its time from the user's state of now, which has
     * taken it, and perhaps later ones; nothing changes.
     */
    public List<Featurized> again(UserKey user, byte @Nullable [] stored, Event event, Predicate<ModelVersion> wanted) {
        UserRecord record = stored == null ? null : UserRecord.decode(user, stored);
        Observation observation = plan.observe(event);
        return featurizer.featurize(
                state(record), observation, traits(record == null ? null : record.profile()), wanted);
    }

    /** Looks at a user without an event, at {@code now} or at its newest event's time where that is later. */
    public Standing look(UserKey user, byte[] stored, Instant now) {
        UserRecord record = UserRecord.decode(user, stored);
        UserState state = state(record);
        Instant asOf = state.newest().filter(newest -> newest.isAfter(now)).orElse(now);
        return new Standing(record.profile(), state, asOf, plan.moment(user, asOf));
    }

    /** A user as it stands. Not thread-safe. */
    public final class Standing {
        private final @Nullable Profile profile;
        private final UserState state;
        private final Instant asOf;
        private final Observation moment;

        private Standing(@Nullable Profile profile, UserState state, Instant asOf, Observation moment) {
            this.profile = profile;
            this.state = state;
            this.asOf = asOf;
            this.moment = moment;
        }

        public Optional<Profile> profile() {
            return Optional.ofNullable(profile);
        }

        /** The time of the newest event. */
        public Optional<Instant> newest() {
            return state.newest();
        }

        /** The moment that {@link #inputs} are of. */
        public Instant asOf() {
            return asOf;
        }

        /** A model's inputs as of this moment, without an event. */
        public FeatureResult inputs(ModelVersion model) {
            return plan.inputs(model, state, moment, traits(profile));
        }
    }

    private UserState state(@Nullable UserRecord record) {
        return record == null ? plan.empty() : plan.decode(record.bytes(), record.stateOffset(), record.stateLength());
    }

    private Traits traits(@Nullable Profile profile) {
        return profile == null || !plan.readsTraits() ? Traits.NONE : Traits.of(profile.traits());
    }
}
