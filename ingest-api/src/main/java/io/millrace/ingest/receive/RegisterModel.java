package io.millrace.ingest.receive;

import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.ask.ModelUpload;
import io.millrace.ingest.ask.ModelsClient;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerFileUpload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code registerModelVersion}: a form of files, whose artifact goes on to the processor as it comes. No more of it is held
 * than the processor has not taken yet: its pace is the client's.
 */
final class RegisterModel implements OperationHandler {
    static final String OPERATION = "registerModelVersion";
    private static final String FORM = "multipart/form-data";
    private static final int MOST_MANIFEST = 512 << 10;
    private static final int MOST_SIGNATURE = 4 << 10;

    private final ModelsClient models;
    private final Admission admission;

    RegisterModel(ModelsClient models, Admission admission) {
        this.models = models;
        this.admission = admission;
    }

    @Override
    public void handle(Exchange exchange, Map<String, String> path) {
        String type = exchange.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            exchange.problem(new Problem.UnsupportedMediaType("Content-Type: expected " + FORM));
            return;
        }
        admission
                .admit()
                .ifPresentOrElse(
                        ticket -> {
                            exchange.holdUntilAnswered(ticket);
                            read(exchange, path);
                        },
                        () -> exchange.problem(admission.full()));
    }

    private void read(Exchange exchange, Map<String, String> path) {
        try {
            exchange.request().setExpectMultipart(true);
        } catch (RuntimeException e) {
            exchange.problem(new Problem.BadRequest("Content-Type: expected " + FORM + " with a boundary"));
            return;
        }
        exchange.allow(models.config().modelDeadline());
        Form form = new Form(exchange, path.getOrDefault("name", ""));
        exchange.request().uploadHandler(part -> exchange.guarded(() -> form.part(part)));
        exchange.readBody(unused -> {}, form::ended);
    }

    /** One form on its way in. Belongs to its event loop. */
    private final class Form {
        private final Exchange exchange;
        private final String name;
        private final ByteArrayOutputStream manifest = new ByteArrayOutputStream();
        private final ByteArrayOutputStream signature = new ByteArrayOutputStream();
        private @Nullable ModelUpload upload;
        private boolean hasArtifact;
        private long length;

        Form(Exchange exchange, String name) {
            this.exchange = exchange;
            this.name = name;
        }

        void part(HttpServerFileUpload part) {
            switch (part.name()) {
                case "manifest" -> part.handler(bytes -> keep(part, bytes, manifest, MOST_MANIFEST));
                case "signature" -> part.handler(bytes -> keep(part, bytes, signature, MOST_SIGNATURE));
                case "artifact" -> artifact(part);
                default ->
                    refuse("the form: given the part " + Refusal.shorten(part.name())
                            + ", expected files manifest, signature and artifact");
            }
        }

        private void keep(HttpServerFileUpload part, Buffer bytes, ByteArrayOutputStream to, int most) {
            if (to.size() + bytes.length() > most) {
                refuse(part.name() + ": expected at most " + most + " bytes");
            } else {
                to.writeBytes(bytes.getBytes());
            }
        }

        private void artifact(HttpServerFileUpload part) {
            if (hasArtifact || manifest.size() == 0) {
                refuse("artifact: expected one, after manifest and signature");
                return;
            }
            hasArtifact = true;
            part.pause();
            boolean dryRun = Boolean.parseBoolean(exchange.request().getParam("dryRun"));
            models.upload(
                            name,
                            manifest.toByteArray(),
                            signature.toString(StandardCharsets.UTF_8).strip(),
                            exchange.principal().name(),
                            dryRun,
                            exchange.trace())
                    .onComplete(opened -> exchange.guarded(() -> stream(part, opened)), failure -> {
                        part.handler(unwanted -> {}).resume();
                        exchange.problem(new Problem.Unavailable(
                                "no processor answers: nothing is registered", Duration.ofSeconds(1)));
                    });
        }

        private void stream(HttpServerFileUpload part, ModelUpload to) {
            upload = to;
            to.reply().onSuccess(reply -> EndpointHandler.reply(exchange, reply, null));
            part.handler(bytes -> send(part, bytes, to));
            part.endHandler(end -> to.end());
            part.exceptionHandler(gone -> to.cancel());
            part.resume();
        }

        private void send(HttpServerFileUpload part, Buffer bytes, ModelUpload to) {
            length += bytes.length();
            if (exchange.isAnswered()) {
                to.cancel();
            } else if (length > models.config().modelBytes()) {
                // The answer first: a cancelled call ends as one that got none.
                exchange.problem(new Problem.BodyTooLarge(models.config().modelBytes()));
                to.cancel();
            } else {
                to.write(bytes.getBytes());
                if (to.isFull()) {
                    part.pause();
                    to.onRoom(part::resume);
                }
            }
        }

        private void refuse(String sentence) {
            exchange.problem(new Problem.BadRequest(sentence));
            if (upload != null) {
                upload.cancel();
            }
        }

        /** The whole body has come; the artifact's last bytes may still be on their way to the processor. */
        void ended() {
            if (!hasArtifact) {
                refuse("the form: expected files manifest and artifact, in this order");
            }
        }
    }
}
