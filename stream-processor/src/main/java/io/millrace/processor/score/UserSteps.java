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
 * What an event does to its user, a step from what is known of the user to what is known next: the stream takes it and
 * stores the result, "what if" takes it and stores nothing. Immutable and safe for all threads.
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
     * @param state of the features from now on
     * @param featurized for each model that selects the event
     */
    record Step(
            Enrichment enrichment,
            Arrival arrival,
            @Nullable Instant newer,
            UserState state,
            List<Featurized> featurized) {}

    /**
     * Takes events one after the other, and keeps nothing.
     *
     * @param stored of the user, before the first of them; null where nothing is known
     * @return for each model that selects the last event
     */
    public List<Featurized> after(UserKey user, byte @Nullable [] stored, List<Event> events) {
        UserValue value = new UserValue(stored);
        value.read(user, this);
        List<Featurized> last = List.of();
        for (Event event : events) {
            Step step = take(value, event, model -> true);
            value.become(step.enrichment().profile(), value.open(), step.state());
            last = step.featurized();
        }
        return last;
    }

    /**
     * Takes an event, with inputs for those models alone that are wanted.
     *
     * @param known of the user, {@link UserValue#read} by these steps; its state is used up, and of no use either where this fails
     */
    Step take(UserValue known, Event event, Predicate<ModelVersion> wanted) {
        Enrichment enrichment = enricher.merge(known.profile(), event);
        Observation observation = plan.observe(event);
        UserState state = known.state();
        Arrival arrival = plan.arrival(state, observation);
        Instant newer = arrival == Arrival.IN_ORDER ? null : state.newest().orElse(null);
        state = plan.advance(state, observation);
        Profile profile = enrichment.profile();
        List<Featurized> featurized = featurizer.featurize(state, observation, traits(profile), wanted);
        return new Step(enrichment, arrival, newer, state, featurized);
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

    /** Whether a state is of these steps' plan. */
    boolean isOwn(UserState state) {
        return state.isOf(plan);
    }

    /** @param record null where nothing is known */
    UserState state(@Nullable UserRecord record) {
        return record == null ? plan.empty() : plan.decode(record.bytes(), record.stateOffset(), record.stateLength());
    }

    private Traits traits(@Nullable Profile profile) {
        return profile == null || !plan.readsTraits() ? Traits.NONE : Traits.of(profile.traits());
    }
}
