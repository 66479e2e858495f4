package io.millrace.ingest.receive;

import io.millrace.ingest.adapt.otlp.OtlpAnswers;
import io.millrace.ingest.adapt.otlp.OtlpEncoding;
import io.millrace.ingest.adapt.otlp.OtlpLogs;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.outcome.Outcome;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.receive.grpc.GrpcCode;
import io.millrace.ingest.validate.ValidationLimits;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import java.util.Optional;

/** {@code POST /v1/logs}: OTLP over HTTP. Records that are refused one by one are a partial success, as the protocol has it. */
final class OtlpCall implements OperationHandler {
    private final PublishAdapted publish;
    private final ValidationLimits limits;
    private final Meters meters;
    private final int most;

    OtlpCall(PublishAdapted publish, ValidationLimits limits, Meters meters, HttpConfig config) {
        this.publish = publish;
        this.limits = limits;
        this.meters = meters;
        this.most = config.bodyBytes();
    }

    @Override
    public boolean identifiesItself() {
        return true;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        String type = exchange.request().getHeader(HttpHeaders.CONTENT_TYPE);
        Optional<OtlpEncoding> encoding = OtlpEncoding.of(type);
        if (encoding.isEmpty()) {
            exchange.problem(Problem.UnsupportedMediaType.of(
                    "Content-Type", type, "application/x-protobuf or application/json"));
            return;
        }
        exchange.tellProblemsAs(new StatusForm(encoding.get()));
        OtlpLogs logs = new OtlpLogs(encoding.get(), limits);
        publish.take(exchange, logs, most, new PublishAdapted.Success() {
            @Override
            public void answer(Exchange exchange, Outcome.Accepted outcome) {
                taken(exchange, encoding.get(), logs, outcome);
            }

            @Override
            public boolean takesRefusals() {
                return true;
            }
        });
    }

    private void taken(Exchange exchange, OtlpEncoding encoding, OtlpLogs logs, Outcome.Accepted outcome) {
        if (logs.isUnreadable()) {
            exchange.problem(
                    new Problem.BadRequest(outcome.refused().get(0).refusal().detail()));
            return;
        }
        meters.plainLogs(logs.plain() + logs.nobodys());
        exchange.answer(
                HttpStatus.OK,
                encoding.contentType(),
                OtlpAnswers.success(encoding, logs.plain(), logs.nobodys(), outcome.refused()),
                "accepted");
    }

    /** The protocol wants a google.rpc.Status in each answer that is none of success. */
    private record StatusForm(OtlpEncoding encoding) implements ProblemForm {
        @Override
        public String contentType() {
            return encoding.contentType();
        }

        @Override
        public byte[] write(Problem problem) {
            return OtlpAnswers.status(encoding, GrpcCode.of(problem), problem.code() + ": " + problem.detail());
        }
    }
}
