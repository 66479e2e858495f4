package io.millrace.ingest.receive;

import io.millrace.event.EventKind;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.segment.SegmentAdapter;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.validate.ValidationLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What serves the operations that SDKs of Segment and RudderStack call. */
final class SegmentHandlers {
    /** That an SDK can say; an erasure is none of them. */
    static final List<EventKind> KINDS = List.of(
            EventKind.IDENTIFY, EventKind.TRACK, EventKind.PAGE, EventKind.SCREEN, EventKind.GROUP, EventKind.ALIAS);

    private static final String PIXEL = "segmentPixel";

    private SegmentHandlers() {}

    /** By operationId. */
    static Map<String, OperationHandler> all(List<Operation> operations, HttpConfig config, Door.Parts parts) {
        ValidationLimits limits = parts.reader().limits();
        Map<String, Adapter> adapters = new HashMap<>();
        for (EventKind kind : KINDS) {
            String name = kind.text();
            adapters.put(
                    "segment" + Character.toUpperCase(name.charAt(0)) + name.substring(1),
                    SegmentAdapter.of(kind, limits));
        }
        adapters.put("segmentBatch", SegmentAdapter.ofBatches(limits));
        adapters.put("segmentImport", SegmentAdapter.ofBatches(limits));
        Map<String, OperationHandler> handlers = new HashMap<>();
        for (Operation operation : operations) {
            Adapter adapter = adapters.get(operation.id());
            if (adapter != null) {
                handlers.put(operation.id(), new SegmentCall(new PublishAdapted(operation, parts), adapter, config));
            } else if (operation.id().equals(PIXEL)) {
                handlers.put(PIXEL, new SegmentPixel(new PublishAdapted(operation, parts), parts.admission(), limits));
            }
        }
        return handlers;
    }
}
