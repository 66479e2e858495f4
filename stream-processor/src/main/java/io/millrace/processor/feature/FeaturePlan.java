package io.millrace.processor.feature;

import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import io.millrace.model.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The features of all deployed models, compiled: what to read of an event, what to remember of a user, what to tell each
 * model. For each event: {@link #observe}, {@link #decode} or {@link #empty}, {@link #advance}, {@link #inputs} for each
 * model that scores it, {@link #encode}.
 *
 * <p>What a user's past is reduced to is shared between models and named by a hash of its definition, so adding or
 * removing a model leaves the others' memory as it is. A feature that is new has no past: its windows fill from then on.
 *
 * <p>Immutable and safe for all threads; states belong to one thread at a time.
 */
public final class FeaturePlan {
    final Aggregate[] aggregates;
    private final List<Manifest> manifests;
    private final Map<ModelVersion, ModelFeatures> models;
    private final Matchers matchers;
    private final PropertyFields fields;
    private final StateCodec codec;
    private final long lateness;
    private final boolean readsTraits;

    FeaturePlan(PlanBuilder builder, List<Manifest> manifests, Map<ModelVersion, ModelFeatures> models) {
        this.aggregates = builder.aggregates();
        this.manifests = List.copyOf(manifests);
        this.models = Map.copyOf(models);
        this.matchers = builder.matchers();
        this.fields = builder.fields();
        this.codec = new StateCodec(builder.aggregatesByHash());
        this.lateness = builder.lateness().toMillis();
        this.readsTraits = builder.readsTraits();
    }

    /**
     * Compiles the features of these models.
     *
     * @param lateness how much older than its user's newest event an event may be and still change the state
     * @throws IllegalArgumentException if a feature cannot be computed as declared, saying which and why
     */
    public static FeaturePlan compile(List<Manifest> manifests, Duration lateness) {
        return PlanBuilder.compile(manifests, lateness);
    }

    /** The models whose features these are, in the order they were given. */
    public List<Manifest> manifests() {
        return manifests;
    }

    /** Whether any feature looks at traits; where none does, {@link Traits#NONE} will do and a profile need not be read. */
    public boolean readsTraits() {
        return readsTraits;
    }

    /** Reads the event's name, time and wanted properties, once. */
    public Observation observe(Event event) {
        String name = Observation.name(event);
        return new Observation(this, event, name, matchers.matched(name), fields.read(name, event.properties()));
    }

    /**
     * A moment in which nothing happens: windows end there, no feature takes anything in, and what would be read of an
     * event's properties is absent. Only for {@link #inputs} of a state as it is; never {@link #advance} with it.
     *
     * @param time not before the user's newest event, or what is newer is left out
     */
    public Observation moment(UserKey user, Instant time) {
        Event none = new Event(
                new EventId("moment"),
                user.source(),
                user.anonymous() ? null : user.id(),
                user.anonymous() ? user.id() : null,
                EventKind.PAGE,
                null,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(null, null, time, time, EventTimes.Basis.RECEIVED));
        return new Observation(this, none, "", matchers.none(), fields.nothing());
    }

    /** The state of a user without events. */
    public UserState empty() {
        UserState state = new UserState(this);
        state.allocate();
        return state;
    }

    /**
     * Reads a state that {@link #encode} wrote, by this plan or another, in this release or an earlier one. Does not keep
     * the array.
     *
     * @throws CorruptStateException if the bytes are damaged, cut off, or of a later version
     */
    public UserState decode(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return codec.decode(this, bytes, offset, length);
    }

    /** The state's bytes, without what is older than any feature looks; the same state gives the same bytes. */
    public byte[] encode(UserState state) {
        requireMine(state.plan);
        return codec.encode(state);
    }

    /** What no user's {@link #encode encoded} state exceeds, whatever the user does. */
    public long maxStateBytes() {
        return codec.mostBytes();
    }

    /** How the event's time stands to its user's newest event; the same before and after {@link #advance}. */
    public Arrival arrival(UserState state, Observation o) {
        if (state.newest <= o.time()) {
            return Arrival.IN_ORDER;
        }
        return state.newest - o.time() > lateness ? Arrival.TOO_LATE : Arrival.LATE;
    }

    /**
     * Takes the event into the state, and the state into possession: use only what is returned. An event that is too late
     * changes nothing.
     */
    public UserState advance(UserState state, Observation o) {
        requireMine(state.plan);
        requireMine(o.plan);
        if (arrival(state, o) == Arrival.TOO_LATE) {
            return state;
        }
        state.newest = Math.max(state.newest, o.time());
        for (Aggregate aggregate : aggregates) {
            aggregate.absorb(state, o);
        }
        return state;
    }

    /**
     * Computes one model's inputs for the event that the state has just been {@link #advance advanced} with.
     *
     * @throws IllegalArgumentException if the model is none of this plan's
     */
    public FeatureResult inputs(ModelVersion model, UserState state, Observation o, Traits traits) {
        requireMine(state.plan);
        requireMine(o.plan);
        ModelFeatures features = models.get(model);
        if (features == null) {
            throw new IllegalArgumentException("model " + model + ": expected one of " + models.keySet());
        }
        return features.compute(state, o, traits);
    }

    private void requireMine(FeaturePlan plan) {
        if (plan != this) {
            throw new IllegalArgumentException("a state or an observation of another plan: encode and decode, observe");
        }
    }
}
