package io.millrace.ingest.adapt.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.deadletter.Reason;
import io.millrace.event.EventKind;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.BodyJson;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.adapt.Members;
import io.millrace.ingest.adapt.Value;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import io.millrace.ingest.validate.TextScan;
import io.millrace.ingest.validate.ValidationLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of Segment's HTTP API: one message, or a batch in an envelope. What the SDKs send is in docs/producers.md and in
 * decision 0036. Thread-safe.
 */
public final class SegmentAdapter implements Adapter {
    /** Of all events of a batch together: 500 KiB, and what the SDKs do not count, the envelope and the commas. */
    public static final int BODY_BYTES = (500 + 64) * 1024;

    /** A message that comes alone has its envelope's fields in it. */
    private static final int ENVELOPE = 1024;

    /** An id is shorter, in characters. */
    private static final int ID_BOUND = 100;

    private static final JsonFactory JSON = BodyJson.FACTORY;

    private final @Nullable EventKind call;
    private final ValidationLimits limits;

    private SegmentAdapter(@Nullable EventKind call, ValidationLimits limits) {
        this.call = call;
        this.limits = limits;
    }

    /** Bodies that are one message of this kind, whatever it says of itself. */
    public static SegmentAdapter of(EventKind call, ValidationLimits limits) {
        return new SegmentAdapter(call, limits);
    }

    /** Bodies that are batches. */
    public static SegmentAdapter ofBatches(ValidationLimits limits) {
        return new SegmentAdapter(null, limits);
    }

    @Override
    public boolean mayNameSender() {
        return true;
    }

    @Override
    public Adapted read(byte[] body) {
        byte[] text = TextScan.of(body).readable();
        SegmentBody read = new SegmentBody(body, call == null ? limits.batchEvents() : 0);
        Refusal broken;
        try (JsonParser json = JSON.createParser(text)) {
            broken = read.read(json);
            if (broken == null && json.nextToken() != null) {
                broken = new Refusal(
                        Reason.INVALID_JSON, "the body: given more text after its end, expected one object");
            }
        } catch (StreamConstraintsException e) {
            broken = Refusal.of(
                    Reason.TOO_DEEP,
                    "the body",
                    "nesting beyond all measure",
                    "at most " + limits.nesting() + " levels");
        } catch (JsonProcessingException e) {
            broken = new Refusal(
                    Reason.INVALID_JSON,
                    "the body: given no JSON from byte " + e.getLocation().getByteOffset() + " on, expected an object");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
        if (broken != null) {
            Slice whole = new Slice(body, 0, body.length);
            return new Adapted(read.writeKey(), List.of(new Candidate.Untranslated(null, broken, whole)));
        }
        return new Adapted(read.writeKey(), call == null ? batch(text, read) : single(text, read.envelope()));
    }

    private List<Candidate> single(byte[] text, Message message) {
        Refusal refusal = refusal(message, limits.eventBytes() + ENVELOPE);
        return List.of(candidate(text, message, refusal, Members.NONE, null));
    }

    private List<Candidate> batch(byte[] text, SegmentBody read) {
        Message envelope = read.envelope();
        Value context = envelope.get("context");
        Refusal tooMuch = tooMuch(context);
        // What is refused anyway is not looked into.
        Members shared = tooMuch == null ? Members.of(JSON, text, envelope.body(), context) : Members.NONE;
        List<Candidate> candidates = new ArrayList<>(read.messages().size());
        for (Message message : read.messages()) {
            Refusal refusal = refusal(message, limits.eventBytes());
            candidates.add(
                    candidate(text, message, refusal == null ? tooMuch : refusal, shared, envelope.get("sentAt")));
        }
        return candidates;
    }

    private Candidate candidate(
            byte[] text, Message message, @Nullable Refusal refusal, Members shared, @Nullable Value sentAt) {
        return refusal == null
                ? new Candidate.Translated(new Translation(JSON, text, message).run(call, shared, sentAt))
                : new Candidate.Untranslated(message.id(), refusal, message.sent());
    }

    /** Of a context that goes into each message: a small body must not become a large one. */
    private static @Nullable Refusal tooMuch(@Nullable Value context) {
        int length = context == null ? 0 : context.to() - context.from();
        return length <= Intake.ADDED / 2
                ? null
                : Refusal.of(
                        Reason.EVENT_TOO_LARGE,
                        "the batch's context, which goes into each message",
                        length + " bytes",
                        "at most " + Intake.ADDED / 2);
    }

    /** What the door's own rules do not say, or cannot say of what is translated. */
    private @Nullable Refusal refusal(Message message, int most) {
        if (!message.whole().isObject()) {
            return Refusal.of(
                    Reason.NOT_AN_OBJECT, "the message", message.whole().token().name(), "an object");
        }
        if (message.length() > most) {
            return Refusal.of(
                    Reason.EVENT_TOO_LARGE,
                    "the message",
                    message.length() + " bytes",
                    "at most " + limits.eventBytes());
        }
        if (message.twice() != null) {
            return Refusal.of(Reason.DUPLICATE_FIELD, Refusal.shorten(message.twice()), "it twice", "it once");
        }
        String id = message.id();
        if (id != null && id.length() >= ID_BOUND) {
            return Refusal.of(Reason.TOO_LONG, Message.MESSAGE_ID, id.length() + " characters", "under " + ID_BOUND);
        }
        if (call == null && message.get("type") == null) {
            return Refusal.of(Reason.MISSING_FIELD, "type", "none", "identify, track, page, screen, group or alias");
        }
        return null;
    }
}
