package io.millrace.ingest.receive;

import io.millrace.identity.Traceparent;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.observe.Observation;
import io.millrace.ingest.observe.Observer;
import io.millrace.ingest.outcome.Endpoint.Reply;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its one answer, under a deadline. Whatever of the body nobody wants is read and thrown away, so that
 * the connection stays usable; a client that goes on sending past the deadline is cut off. Belongs to its event loop.
 * Over 300 lines, for what reads, answers and cuts off changes the same few states.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    static final String PROBLEM_JSON = "application/problem+json";
    private static final String JSON = "application/json";
    private static final String GONE = "client_gone";

    private final HttpServerRequest request;
    private final Context context;
    private final Deadlines deadlines;
    private final Observation observation;
    private final Sending sending;
    private final Term term;
    private final Connections.@Nullable Guest guest;

    private Principal principal = Principal.NOBODY;
    private ProblemForm problems = ProblemForm.JSON;
    private Handler<Buffer> sink = unwanted -> {};
    private Runnable bodyEnd = () -> {};
    private Admission.@Nullable Ticket held;
    private boolean bodyEnded;
    private boolean bodyIsLate;
    private boolean answered;
    private boolean done;

    Exchange(
            HttpServerRequest request,
            HttpConfig config,
            Context context,
            Deadlines deadlines,
            Observer observer,
            Untaken untaken,
            Connections.@Nullable Guest guest) {
        this.request = request;
        this.context = context;
        this.deadlines = deadlines;
        this.observation = observer.request(TraceHeaders.parent(request), TraceHeaders.state(request));
        this.sending = new Sending(request, config, untaken, this::run, this::cutConnection, this::taken);
        this.guest = guest;
        this.term = new Term(config);
    }

    /** Begins to listen; call it once, in the event in which the request came. */
    void open() {
        deadlines.add(this);
        if (guest != null) {
            guest.begins();
        }
        request.response().putHeader(Traceparent.HEADER, trace().value());
        SecurityHeaders.put(request);
        request.handler(buffer -> sink.handle(buffer));
        request.endHandler(end -> {
            bodyEnded = true;
            if (!answered) {
                term.awaitAnswer();
                guarded(bodyEnd);
            }
            finishIfBoth();
        });
        request.exceptionHandler(failure -> {
            if (failure instanceof HttpPostRequestDecoder.ErrorDataDecoderException) {
                problem(new Problem.BadRequest("the form: cannot be read, expected multipart/form-data"));
            } else {
                finish();
            }
        });
        request.response().exceptionHandler(gone -> finish());
        request.response().closeHandler(gone -> finish());
    }

    HttpServerRequest request() {
        return request;
    }

    /** The door's own place in the request's trace. */
    Traceparent trace() {
        return observation.trace();
    }

    Principal principal() {
        return principal;
    }

    /** Takes another time than most for the body, and for the answer after it. */
    void allow(Duration time) {
        term.allow(time);
    }

    /** A body that did not come in time is answered as what may come again: some clients drop their events on a 408. */
    void lateBodyMayComeAgain() {
        term.lateBodyMayComeAgain();
    }

    /** From now on problems are told so. */
    void tellProblemsAs(ProblemForm form) {
        problems = form;
    }

    /** Whether nothing that is said now reaches the client. */
    boolean isAnswered() {
        return answered;
    }

    /** Takes over a place behind the door, until there is an answer or nobody to give it to. */
    void holdUntilAnswered(Admission.Ticket place) {
        held = place;
    }

    void identify(String operationId, Principal who) {
        observation.operation(operationId);
        principal = who;
    }

    /** Takes the body from now on; call it in the event in which the request came. */
    void readBody(Handler<Buffer> chunks, Runnable end) {
        sink = chunks;
        bodyEnd = end;
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
    }

    /** Goes on on this exchange's thread. */
    void run(Runnable task) {
        context.runOnContext(ignored -> guarded(task));
    }

    /** Runs what belongs to this exchange: a bug in it becomes a 500 instead of a silence. */
    void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    void bug(@Nullable Throwable cause) {
        LOG.atError()
                .addKeyValue("trace", trace())
                .addKeyValue("operation", observation.operation())
                .setCause(cause)
                .log("A request failed in a way nobody foresaw");
        problem(new Problem.Internal("the request failed; the cause is in the log"));
    }

    void answer(HttpStatus status, String contentType, byte[] body, String outcome) {
        answer(status, contentType, body, outcome, body.length);
    }

    /** An answer that is the same for everybody and costs nothing to keep. */
    void answerShared(String contentType, byte[] body) {
        answer(HttpStatus.OK, contentType, body, "ok", 0);
    }

    private void answer(HttpStatus status, String contentType, byte[] body, String outcome, long cost) {
        if (answered) {
            return;
        }
        Runnable room = sending.room(body, cost);
        if (room == null) {
            problem(Untaken.problem(request.method()));
            return;
        }
        begin(outcome);
        sending.whole(status, contentType, body, room);
    }

    /** Answers with what is made while it is written; the request's deadline is met by its beginning. */
    void stream(Reply.Stream reply) {
        if (!answered) {
            begin("ok");
            sending.stream(reply);
        }
    }

    private void begin(String outcome) {
        answered = true;
        observation.end(outcome);
        // What still comes is unwanted, and must come to an end.
        sink = unwanted -> {};
        bodyEnd = () -> {};
        leave();
        term.awaitRest();
    }

    private void taken() {
        term.awaitRest();
        finishIfBoth();
    }

    /** Ends what would never end by itself; the rest may use the drain time. */
    void drain() {
        sending.drain();
    }

    void json(HttpStatus status, byte[] body, String outcome) {
        answer(status, JSON, body, outcome);
    }

    void refused(Outcome.Refused refused) {
        answer(HttpStatus.BAD_REQUEST, problems.contentType(), problems.write(refused), "refused");
    }

    void problem(Problem problem) {
        if (answered) {
            return;
        }
        ProblemHeaders.put(request, problem);
        answer(HttpStatus.of(problem), problems.contentType(), problems.write(problem), problem.code());
    }

    /** Looks whether somebody has taken too long; call it now and then. */
    void checkDeadline(long nanoTime) {
        try {
            check(nanoTime);
        } catch (RuntimeException e) {
            // Left where it is, it would fail again at each sweep, and whoever comes after it would never be looked at.
            LOG.atError()
                    .addKeyValue("trace", trace())
                    .setCause(e)
                    .log("A late request could not be ended; it is cut off");
            finish();
            cutConnection();
        }
    }

    private void check(long nanoTime) {
        boolean isLate = term.isOver(nanoTime);
        bodyIsLate |= isLate && !bodyEnded;
        if (isLate && !answered) {
            problem(term.problem());
        }
        if (sending.isStalled(nanoTime)) {
            sending.cutOff();
            finish();
        } else if (bodyIsLate && !bodyEnded && sending.isTaken()) {
            // Not before: a reset takes what of the answer still waits to be written with it.
            sending.refuseRest();
            finish();
        }
    }

    private void cutConnection() {
        if (guest != null) {
            guest.cut();
        } else {
            request.connection().close();
        }
    }

    /** Whoever read the body has let go of it by now. */
    private void leave() {
        if (held != null) {
            held.close();
        }
    }

    private void finishIfBoth() {
        if (sending.isTaken() && bodyEnded) {
            finish();
        }
    }

    private void finish() {
        if (!done) {
            done = true;
            deadlines.remove(this);
            if (guest != null) {
                guest.ends();
            }
            leave();
            sending.cancel();
            if (!answered) {
                answered = true;
                observation.end(GONE);
            }
        }
    }
}
