package io.millrace.processor.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.millrace.codec.DecodeException;
import io.millrace.codec.EventCodec;
import io.millrace.event.Event;
import io.millrace.grpc.v1.GetUserRequest;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.ListModelsResponse;
import io.millrace.grpc.v1.PredictManyRequest;
import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.millrace.grpc.v1.UserRef;
import io.millrace.grpc.v1.WhatIf;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.prediction.Inputs;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.feature.Observation;
import io.millrace.processor.featurize.Featurized;
import io.millrace.processor.score.UserSteps;
import io.millrace.processor.serve.Methods.Method;
import io.millrace.processor.serve.Users.Lookup;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the calls of ScoringService do, free of HTTP. Nothing here blocks: state is read on the readers. Thread-safe. */
final class ScoringCalls {
    static final int MOST_EVENTS = 100;
    static final int MOST_TOGETHER = 1_024;
    private static final Logger log = LoggerFactory.getLogger(ScoringCalls.class);

    private final ScoringQueue queue;
    private final Users users;
    private final Peers peers;
    private final Executor readers;
    private final ServeMeters meters;
    private final Clock clock;

    /** @param readers run the blocking reads; reject what they cannot take */
    ScoringCalls(ScoringQueue queue, Users users, Peers peers, Executor readers, ServeMeters meters, Clock clock) {
        this.queue = queue;
        this.users = users;
        this.peers = peers;
        this.readers = readers;
        this.meters = meters;
        this.clock = clock;
    }

    /** A user's state, used where it is. */
    private interface WithRecord {
        void use(UserKey user, byte @Nullable [] record) throws WrongInputsException;
    }

    /** What one of the models is told. */
    private interface InputsOf {
        Inputs of(ServedModel model) throws WrongInputsException;
    }

    void predict(PredictRequest request, Call call, Reply<PredictResponse> reply) {
        ModelSet set = queue.models();
        ServedModel model = set.find(request);
        if (model == null) {
            reply.refuse(GrpcStatus.NOT_FOUND, set.why(request.getModel(), request.getVersion()));
            return;
        }
        switch (request.getOfCase()) {
            case INPUTS -> {
                try {
                    InputsReader reader = model.reader();
                    Inputs inputs = reader.read(request.getInputs());
                    score(model, inputs, reader.said(request.getInputs(), inputs), 0, call, reply);
                } catch (WrongInputsException e) {
                    reply.refuse(GrpcStatus.INVALID_ARGUMENT, e.getMessage());
                }
            }
            case USER ->
                atOwner(request.getUser(), Methods.PREDICT, request, call, reply, (user, record) -> {
                    if (record == null) {
                        reply.refuse(GrpcStatus.NOT_FOUND, "nothing is known of the user");
                        return;
                    }
                    UserSteps.Standing standing = set.steps().look(user, record, clock.instant());
                    long asOf = standing.asOf().toEpochMilli();
                    InputsOf inputs =
                            one -> computed(standing.inputs(one.manifest().model()));
                    score(meant(set, model, request, user), model, inputs, asOf, call, reply);
                });
            case WHAT_IF -> {
                WhatIf whatIf = request.getWhatIf();
                atOwner(whatIf.getUser(), Methods.PREDICT, request, call, reply, (user, record) -> {
                    List<Event> events = events(whatIf, user);
                    List<Featurized> last = set.steps().after(user, record, events);
                    long asOf = Observation.time(events.get(events.size() - 1).times());
                    InputsOf inputs = one -> inputs(one, last, events.size());
                    score(meant(set, model, request, user), model, inputs, asOf, call, reply);
                });
            }
            case OF_NOT_SET ->
                reply.refuse(GrpcStatus.INVALID_ARGUMENT, "of: given none, expected inputs, user or what_if");
        }
    }

    void predictMany(PredictManyRequest request, Call call, Reply<PredictManyResponse> reply) {
        int count = request.getRequestsCount();
        if (count < 1 || count > MOST_TOGETHER) {
            reply.refuse(GrpcStatus.INVALID_ARGUMENT, "requests: given " + count + ", expected 1 to " + MOST_TOGETHER);
            return;
        }
        PredictOutcomes outcomes = new PredictOutcomes(count, meters, reply);
        queue.announce();
        for (int i = 0; i < count; i++) {
            if (i == count - 1) {
                // Before the last one, which ends the scorer's wait for more.
                queue.arrived();
            }
            predict(request.getRequests(i), call, outcomes.at(i));
        }
    }

    void getUser(GetUserRequest request, Call call, Reply<GetUserResponse> reply) {
        ModelSet set = queue.models();
        atOwner(request.getUser(), Methods.GET_USER, request, call, reply, (user, record) -> {
            if (record == null) {
                reply.refuse(GrpcStatus.NOT_FOUND, "nothing is known of the user");
            } else {
                reply.give(UserAnswer.of(set, set.steps().look(user, record, clock.instant())));
            }
        });
    }

    void listModels(Reply<ListModelsResponse> reply) {
        ListModelsResponse.Builder answer = ListModelsResponse.newBuilder();
        queue.models().models().forEach(model -> answer.addModels(model.describe()));
        reply.give(answer.build());
    }

    /** Finds the user's record on a reader and uses it here, or sends the call on to where it is. */
    private <Q extends Message, A extends Message> void atOwner(
            UserRef ref, Method<Q, A> method, Q request, Call call, Reply<A> reply, WithRecord use) {
        UserKey user;
        try {
            user = user(ref);
        } catch (IllegalArgumentException e) {
            reply.refuse(GrpcStatus.INVALID_ARGUMENT, "user: " + e.getMessage());
            return;
        }
        queue.announce();
        try {
            readers.execute(() -> {
                try {
                    look(user, method, request, call, reply, use);
                } finally {
                    queue.arrived();
                }
            });
        } catch (RejectedExecutionException e) {
            queue.arrived();
            reply.refuse(GrpcStatus.RESOURCE_EXHAUSTED, "too many reads of users' state wait already");
        }
    }

    private <Q extends Message, A extends Message> void look(
            UserKey user, Method<Q, A> method, Q request, Call call, Reply<A> reply, WithRecord use) {
        try {
            if (call.isLate()) {
                reply.refuse(GrpcStatus.DEADLINE_EXCEEDED, "the deadline passed while the request waited");
                return;
            }
            Lookup lookup = users.find(user);
            if (lookup instanceof Lookup.Here here) {
                use.use(user, here.record());
            } else if (lookup instanceof Lookup.NotNow notNow) {
                reply.refuse(GrpcStatus.UNAVAILABLE, notNow.reason());
            } else if (lookup instanceof Lookup.Elsewhere owner) {
                if (call.forwarded()) {
                    reply.refuse(GrpcStatus.UNAVAILABLE, "the user's state is being moved to another processor");
                } else {
                    peers.ask(owner, method, request, call, reply);
                }
            }
        } catch (WrongInputsException e) {
            reply.refuse(GrpcStatus.INVALID_ARGUMENT, e.getMessage());
        } catch (RuntimeException e) {
            log.error("A call of ScoringService failed", e);
            reply.refuse(GrpcStatus.INTERNAL, "the processor failed; its log says why");
        }
    }

    /** Without a version a user is scored by the one that the stream would take: the canary for its share of the users. */
    private static ServedModel meant(ModelSet set, ServedModel found, PredictRequest request, UserKey user) {
        return request.getVersion().isEmpty() ? set.forUser(found, user) : found;
    }

    /** Scores with the first, and with the champion where it was the canary and cannot, as the stream does. */
    private void score(
            ServedModel first,
            ServedModel champion,
            InputsOf inputs,
            long asOf,
            Call call,
            Reply<PredictResponse> reply)
            throws WrongInputsException {
        if (first == champion) {
            score(champion, inputs.of(champion), asOf, call, reply);
            return;
        }
        Inputs tried;
        try {
            tried = inputs.of(first);
        } catch (WrongInputsException e) {
            score(champion, inputs.of(champion), asOf, call, reply);
            return;
        }
        score(first, tried, asOf, call, new Reply<>() {
            @Override
            public void give(PredictResponse answer) {
                reply.give(answer);
            }

            @Override
            public void refuse(GrpcStatus status, String detail) {
                if (status != GrpcStatus.INVALID_ARGUMENT) {
                    reply.refuse(status, detail);
                    return;
                }
                try {
                    score(champion, inputs.of(champion), asOf, call, reply);
                } catch (WrongInputsException e) {
                    reply.refuse(GrpcStatus.INVALID_ARGUMENT, e.getMessage());
                }
            }
        });
    }

    private void score(ServedModel model, Inputs inputs, long asOf, Call call, Reply<PredictResponse> reply) {
        score(model, inputs, InputsReader.write(inputs), asOf, call, reply);
    }

    /** @param said the inputs as the answer has them; made before, since one thread scores for all */
    private void score(
            ServedModel model,
            Inputs inputs,
            io.millrace.grpc.v1.Inputs said,
            long asOf,
            Call call,
            Reply<PredictResponse> reply) {
        queue.add(new ScoringQueue.Waiting(model.active(), inputs, call.deadline(), new Reply<>() {
            @Override
            public void give(Float score) {
                reply.give(PredictAnswer.of(model, said, score, asOf));
            }

            @Override
            public void refuse(GrpcStatus status, String detail) {
                reply.refuse(status, detail);
            }
        }));
    }

    private static UserKey user(UserRef ref) {
        return switch (ref.getIdCase()) {
            case USER_ID -> new UserKey(new Source(ref.getSource()), false, ref.getUserId());
            case ANONYMOUS_ID -> new UserKey(new Source(ref.getSource()), true, ref.getAnonymousId());
            case ID_NOT_SET -> throw new IllegalArgumentException("given no id, expected user_id or anonymous_id");
        };
    }

    private static List<Event> events(WhatIf whatIf, UserKey user) throws WrongInputsException {
        int count = whatIf.getEventsCount();
        if (count < 1 || count > MOST_EVENTS) {
            throw new WrongInputsException("events: given " + count + ", expected 1 to " + MOST_EVENTS);
        }
        List<Event> events = new ArrayList<>();
        for (ByteString bytes : whatIf.getEventsList()) {
            try {
                events.add(EventCodec.decode(bytes.toByteArray()));
            } catch (DecodeException e) {
                throw new WrongInputsException("events[" + events.size() + "]: " + e.getMessage());
            }
            if (!events.get(events.size() - 1).user().equals(user)) {
                throw new WrongInputsException("events[" + (events.size() - 1) + "]: expected one of the user's own");
            }
        }
        return events;
    }

    private static Inputs inputs(ServedModel model, List<Featurized> last, int events) throws WrongInputsException {
        for (Featurized featurized : last) {
            if (featurized.model().equals(model.manifest().model())) {
                return computed(featurized.result());
            }
        }
        throw new WrongInputsException("events[" + (events - 1) + "]: "
                + model.manifest().model() + " does not score such an event, expected one that it selects");
    }

    private static Inputs computed(FeatureResult result) throws WrongInputsException {
        if (result instanceof FeatureResult.Computed computed) {
            return computed.inputs();
        }
        throw new WrongInputsException(((FeatureResult.Refused) result).detail());
    }
}
