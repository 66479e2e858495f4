package io.millrace.ingest.adapt.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.deadletter.Reason;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import io.millrace.ingest.validate.ValidationLimits;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one request: records with the name of an event and a user are events, the others logs, which are counted and kept
 * nowhere. One a request, as it remembers what it read; not thread-safe.
 */
public final class OtlpLogs implements Adapter {
    /** What a collector sends at once, where nobody sets {@code send_batch_max_size}. */
    static final int MOST_RECORDS = 8_192;

    /** Each event holds what its resource says, which stands once in the body. */
    private static final int MOST_BYTES = 16 << 20;

    private static final byte[] NOTHING = {};

    private final OtlpEncoding encoding;
    private final ValidationLimits limits;
    private long bytes;
    private int plain;
    private int nobodys;
    private boolean unreadable;

    /** @param limits of events that are posted */
    public OtlpLogs(OtlpEncoding encoding, ValidationLimits limits) {
        this.encoding = encoding;
        this.limits = limits;
    }

    /** How many records were plain logs. */
    public int plain() {
        return plain;
    }

    /** How many records had the name of an event, and no user. */
    public int nobodys() {
        return nobodys;
    }

    /** Whether the body as a whole was no such request, or one too large. */
    public boolean isUnreadable() {
        return unreadable;
    }

    @Override
    public Adapted read(byte[] body) {
        ExportLogsServiceRequest request;
        try {
            request = encoding.read(body);
        } catch (InvalidProtocolBufferException e) {
            return whole(Refusal.of(
                    encoding == OtlpEncoding.JSON ? Reason.INVALID_JSON : Reason.INVALID_VALUE,
                    "the body",
                    String.valueOf(e.getMessage()),
                    "an ExportLogsServiceRequest in " + encoding.contentType()));
        }
        if (records(request) > MOST_RECORDS) {
            return whole(new Refusal(
                    Reason.BATCH_TOO_LARGE,
                    "the body: given more than " + MOST_RECORDS + " records, expected at most that many"));
        }
        List<Candidate> candidates = new ArrayList<>();
        bytes = 0;
        Map<String, Integer> occurrences = new HashMap<>();
        for (ResourceLogs ofResource : request.getResourceLogsList()) {
            for (ScopeLogs ofScope : ofResource.getScopeLogsList()) {
                LogResource resource = LogResource.of(ofResource.getResource(), ofScope.getScope());
                for (LogRecord log : ofScope.getLogRecordsList()) {
                    take(LogEvent.of(resource, log), occurrences, candidates);
                    if (bytes > MOST_BYTES) {
                        return whole(new Refusal(
                                Reason.BATCH_TOO_LARGE,
                                "the body: given records of over " + MOST_BYTES
                                        + " bytes as events, each with its resource, expected at most that many"));
                    }
                }
            }
        }
        return new Adapted(null, candidates);
    }

    private void take(LogEvent event, Map<String, Integer> occurrences, List<Candidate> candidates) {
        String name = event.name();
        if (name == null) {
            plain++;
            return;
        }
        if (!event.isOfSomebody()) {
            nobodys++;
            return;
        }
        String id = event.id(0);
        int occurrence = id == null ? 0 : occurrences.merge(id, 1, Integer::sum) - 1;
        id = occurrence == 0 ? id : event.id(occurrence);
        byte[] posted = event.posted(name, id);
        bytes += posted.length;
        candidates.add(
                posted.length <= limits.eventBytes() + LogResource.MOST_KEPT
                        ? new Candidate.Translated(posted)
                        : new Candidate.Untranslated(
                                id,
                                Refusal.of(
                                        Reason.EVENT_TOO_LARGE,
                                        "the record, as JSON",
                                        posted.length + " bytes",
                                        "at most " + limits.eventBytes()),
                                new Slice(posted, 0, posted.length)));
    }

    /** Without its bytes: they may be plain logs, which are kept nowhere. */
    private Adapted whole(Refusal refusal) {
        unreadable = true;
        return new Adapted(null, List.of(new Candidate.Untranslated(null, refusal, new Slice(NOTHING, 0, 0))));
    }

    private static int records(ExportLogsServiceRequest request) {
        int records = 0;
        for (ResourceLogs resource : request.getResourceLogsList()) {
            for (ScopeLogs scope : resource.getScopeLogsList()) {
                records += scope.getLogRecordsCount();
            }
        }
        return records;
    }
}
