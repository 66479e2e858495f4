package io.millrace.processor.serve;

import com.google.protobuf.Message;
import io.millrace.grpc.v1.GetStatusRequest;
import io.millrace.grpc.v1.GetStatusResponse;
import io.millrace.grpc.v1.Models;
import io.millrace.grpc.v1.RegisterRequest;
import io.millrace.grpc.v1.RegisterResponse;
import io.millrace.processor.model.ModelRefusedException;
import io.millrace.processor.serve.Methods.Method;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds millrace.v1.ModelService to its calls. */
final class ModelService {
    /** As many uploads at once, their trials included; each holds a temporary file. */
    private static final int MOST_UPLOADS = 4;

    private static final Logger log = LoggerFactory.getLogger(ModelService.class);

    private final Vertx vertx;
    private final ModelCalls calls;
    private final ScoringServer.Answering<GetStatusRequest, GetStatusResponse> statuses;
    private final ExecutorService files;
    private final ServeMeters meters;
    private final long largest;
    private final Semaphore uploads = new Semaphore(MOST_UPLOADS);

    /** Serves one unary method; ScoringServer's own way. */
    interface Unary {
        <Q extends Message, A extends Message> void serve(
                GrpcServerRequest<Q, A> request, Method<Q, A> method, ScoringServer.Answering<Q, A> answering);
    }

    /**
     * Prepares.
     *
     * @param files one thread, which writes what is uploaded
     * @param largest artifact, in bytes
     */
    ModelService(
            Vertx vertx,
            ModelCalls calls,
            ScoringServer.Answering<GetStatusRequest, GetStatusResponse> statuses,
            ExecutorService files,
            ServeMeters meters,
            long largest) {
        this.vertx = vertx;
        this.calls = calls;
        this.statuses = statuses;
        this.files = files;
        this.meters = meters;
        this.largest = largest;
    }

    Service bound(Unary unary) {
        return Service.service(ModelMethods.SERVICE, Models.getDescriptor().findServiceByName("ModelService"))
                .bind(ModelMethods.REGISTER.served(), this::register)
                .bind(
                        ModelMethods.LIST.served(),
                        request -> unary.serve(request, ModelMethods.LIST, (asked, call, reply) -> calls.list(reply)))
                .bind(
                        ModelMethods.GET.served(),
                        request ->
                                unary.serve(request, ModelMethods.GET, (asked, call, reply) -> calls.get(asked, reply)))
                .bind(
                        ModelMethods.DEPLOY.served(),
                        request -> unary.serve(
                                request, ModelMethods.DEPLOY, (asked, call, reply) -> calls.deploy(asked, reply)))
                .bind(
                        ModelMethods.ROLLBACK.served(),
                        request -> unary.serve(
                                request, ModelMethods.ROLLBACK, (asked, call, reply) -> calls.rollBack(asked, reply)))
                .bind(
                        ModelMethods.DELETE.served(),
                        request -> unary.serve(
                                request, ModelMethods.DELETE, (asked, call, reply) -> calls.delete(asked, reply)))
                .bind(ModelMethods.STATUS.served(), request -> unary.serve(request, ModelMethods.STATUS, statuses))
                .build();
    }

    private void register(GrpcServerRequest<RegisterRequest, RegisterResponse> request) {
        Context context = vertx.getOrCreateContext();
        Reply<RegisterResponse> reply =
                new ContextReply<>(request, context, ModelMethods.REGISTER.name(), meters, System.nanoTime());
        if (!uploads.tryAcquire()) {
            reply.refuse(GrpcStatus.RESOURCE_EXHAUSTED, "other uploads are on their way, try again");
            return;
        }
        Incoming incoming = new Incoming(request, context, new Upload(largest), reply);
        request.handler(incoming::take);
        request.endHandler(end -> incoming.later(incoming::whole));
        request.exceptionHandler(gone -> incoming.later(incoming::abandon));
    }

    /** One upload: its parts go to the file one after the other, and no more come than are written. */
    private final class Incoming {
        private final GrpcServerRequest<RegisterRequest, RegisterResponse> request;
        private final Context context;
        private final Upload upload;
        private final Reply<RegisterResponse> reply;
        /** Of the files' thread. */
        private boolean done;

        Incoming(
                GrpcServerRequest<RegisterRequest, RegisterResponse> request,
                Context context,
                Upload upload,
                Reply<RegisterResponse> reply) {
            this.request = request;
            this.context = context;
            this.upload = upload;
            this.reply = reply;
        }

        void take(RegisterRequest part) {
            request.pause();
            later(() -> {
                write(part);
                context.runOnContext(unused -> request.resume());
            });
        }

        void later(Runnable step) {
            try {
                files.execute(step);
            } catch (RejectedExecutionException e) {
                log.debug("An upload ends with the processor", e);
            }
        }

        private void write(RegisterRequest part) {
            if (done) {
                return;
            }
            try {
                upload.take(part);
            } catch (ModelRefusedException e) {
                refuse(GrpcStatus.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                log.error("An upload cannot be written", e);
                refuse(GrpcStatus.INTERNAL, "the processor cannot write the upload; its log says why");
            }
        }

        private void refuse(GrpcStatus status, String detail) {
            abandon();
            reply.refuse(status, detail);
        }

        private void whole() {
            if (!done) {
                done = true;
                calls.register(upload, this::leave, reply);
            }
        }

        private void abandon() {
            if (!done) {
                done = true;
                leave();
            }
        }

        private void leave() {
            uploads.release();
            try {
                upload.close();
            } catch (IOException e) {
                log.warn("An upload's file cannot be deleted", e);
            }
        }
    }
}
