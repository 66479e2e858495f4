package io.millrace.ingest.receive;

import io.millrace.contract.Openapi;
import io.millrace.ingest.adapt.cloudevents.CloudEvents;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.receive.check.RequestRule;
import io.millrace.ingest.validate.ValidationLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What serves each operation, behind the check of its requests against the contract. */
final class Handlers {
    private static final String PUBLISH_EVENTS = "publishEvents";
    private static final String PUBLISH_CLOUD_EVENTS = "publishCloudEvents";
    private static final String EXPORT_LOGS = "exportLogs";
    private static final String CLOUD_EVENTS_HANDSHAKE = "validateWebhook";

    private Handlers() {}

    /** By operationId. */
    static Map<String, OperationHandler> all(List<Operation> operations, HttpConfig config, Door.Parts parts) {
        Map<String, OperationHandler> handlers = new HashMap<>(Pages.all(parts.readiness(), parts.meters()));
        handlers.putAll(Docs.all());
        Map<String, RequestRule> rules = RequestRule.all(Openapi.ofContract());
        for (Operation operation : operations) {
            if (parts.endpoints().containsKey(operation.id())) {
                handlers.put(
                        operation.id(),
                        new EndpointHandler(
                                parts.endpoints().get(operation.id()),
                                operation.takesBody() ? rules.get(operation.id()) : null,
                                config,
                                parts.admission()));
            }
        }
        handlers.put(RegisterModel.OPERATION, new RegisterModel(parts.models(), parts.admission()));
        handlers.replaceAll(
                (id, handler) -> rules.containsKey(id) ? new CheckedHandler(rules.get(id), handler) : handler);
        // Its own reader says the same, many times faster; tests hold it to the contract.
        handlers.put(
                PUBLISH_EVENTS,
                new PublishEvents(config, parts.admission(), parts.reader(), parts.acceptor(), parts.clock()));
        handlers.putAll(SegmentHandlers.all(operations, config, parts));
        handlers.put(CLOUD_EVENTS_HANDSHAKE, new CloudEventsHandshake(parts.acceptor()));
        ValidationLimits limits = parts.reader().limits();
        for (Operation operation : operations) {
            if (operation.id().equals(PUBLISH_CLOUD_EVENTS)) {
                handlers.put(
                        operation.id(),
                        new CloudEventsCall(
                                new PublishAdapted(operation, parts, CloudEvents.limits(limits)), limits, config));
            } else if (operation.id().equals(EXPORT_LOGS)) {
                handlers.put(
                        operation.id(),
                        new OtlpCall(new PublishAdapted(operation, parts), limits, parts.meters(), config));
            }
        }
        return handlers;
    }
}
