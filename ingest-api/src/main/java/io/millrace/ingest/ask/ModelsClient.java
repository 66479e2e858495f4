package io.millrace.ingest.ask;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.millrace.grpc.v1.DeleteVersionRequest;
import io.millrace.grpc.v1.DeleteVersionResponse;
import io.millrace.grpc.v1.DeployRequest;
import io.millrace.grpc.v1.GetModelRequest;
import io.millrace.grpc.v1.GetStatusRequest;
import io.millrace.grpc.v1.GetStatusResponse;
import io.millrace.grpc.v1.ListRegisteredRequest;
import io.millrace.grpc.v1.ListRegisteredResponse;
import io.millrace.grpc.v1.ModelDeployment;
import io.millrace.grpc.v1.RegisterHeader;
import io.millrace.grpc.v1.RegisterRequest;
import io.millrace.grpc.v1.RegisterResponse;
import io.millrace.grpc.v1.RegisteredModel;
import io.millrace.grpc.v1.RollbackRequest;
import io.millrace.identity.Traceparent;
import io.vertx.core.Future;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.util.concurrent.CompletionStage;

/** Asks the processors' registry of models. What changes something is asked once. Thread-safe; it never blocks. */
public final class ModelsClient {
    private static final ServiceName SERVICE = ServiceName.create("millrace.v1.ModelService");
    private static final ServiceMethod<RegisterResponse, RegisterRequest> REGISTER =
            method("Register", RegisterResponse.getDefaultInstance());
    private static final ServiceMethod<ListRegisteredResponse, ListRegisteredRequest> LIST =
            method("ListRegistered", ListRegisteredResponse.getDefaultInstance());
    private static final ServiceMethod<RegisteredModel, GetModelRequest> GET =
            method("GetModel", RegisteredModel.getDefaultInstance());
    private static final ServiceMethod<ModelDeployment, DeployRequest> DEPLOY =
            method("Deploy", ModelDeployment.getDefaultInstance());
    private static final ServiceMethod<ModelDeployment, RollbackRequest> ROLLBACK =
            method("Rollback", ModelDeployment.getDefaultInstance());
    private static final ServiceMethod<DeleteVersionResponse, DeleteVersionRequest> DELETE =
            method("DeleteVersion", DeleteVersionResponse.getDefaultInstance());
    private static final ServiceMethod<GetStatusResponse, GetStatusRequest> STATUS =
            method("GetStatus", GetStatusResponse.getDefaultInstance());

    private final ProcessorClient processor;
    private final AskConfig config;

    public ModelsClient(ProcessorClient processor, AskConfig config) {
        this.processor = processor;
        this.config = config;
    }

    private static <Q extends Message, A extends Message> ServiceMethod<A, Q> method(String name, A answer) {
        return ProcessorClient.method(SERVICE, name, answer);
    }

    /** How it is bounded. */
    public AskConfig config() {
        return config;
    }

    CompletionStage<Asked<ListRegisteredResponse>> list(Traceparent trace) {
        return read(
                LIST, ListRegisteredRequest.getDefaultInstance(), ListRegisteredResponse.getDefaultInstance(), trace);
    }

    CompletionStage<Asked<RegisteredModel>> model(String name, Traceparent trace) {
        return read(
                GET, GetModelRequest.newBuilder().setName(name).build(), RegisteredModel.getDefaultInstance(), trace);
    }

    CompletionStage<Asked<GetStatusResponse>> status(String name, Traceparent trace) {
        return read(
                STATUS,
                GetStatusRequest.newBuilder().setName(name).build(),
                GetStatusResponse.getDefaultInstance(),
                trace);
    }

    CompletionStage<Asked<ModelDeployment>> deploy(DeployRequest request, Traceparent trace) {
        return change(DEPLOY, request, ModelDeployment.getDefaultInstance(), trace);
    }

    CompletionStage<Asked<ModelDeployment>> rollBack(RollbackRequest request, Traceparent trace) {
        return change(ROLLBACK, request, ModelDeployment.getDefaultInstance(), trace);
    }

    CompletionStage<Asked<DeleteVersionResponse>> delete(DeleteVersionRequest request, Traceparent trace) {
        return change(DELETE, request, DeleteVersionResponse.getDefaultInstance(), trace);
    }

    /**
     * Begins to register a version; the artifact follows.
     *
     * @param signature in Base64, or empty
     * @param by the caller
     * @return fails where no processor can be reached
     */
    public Future<ModelUpload> upload(
            String name, byte[] manifest, String signature, String by, boolean dryRun, Traceparent trace) {
        RegisterHeader header = RegisterHeader.newBuilder()
                .setName(name)
                .setManifest(ByteString.copyFrom(manifest))
                .setSignature(signature)
                .setBy(by)
                .setDryRun(dryRun)
                .build();
        return processor
                .open(REGISTER, trace, config.modelDeadline().multipliedBy(2))
                .map(request -> {
                    request.write(RegisterRequest.newBuilder().setHeader(header).build());
                    return new ModelUpload(request);
                });
    }

    private <Q, A> CompletionStage<Asked<A>> read(ServiceMethod<A, Q> method, Q message, A nothing, Traceparent trace) {
        return processor.ask(method, message, nothing, trace, config.deadline(), config.attempts());
    }

    private <Q, A> CompletionStage<Asked<A>> change(
            ServiceMethod<A, Q> method, Q message, A nothing, Traceparent trace) {
        return processor.ask(method, message, nothing, trace, config.modelDeadline(), 1);
    }
}
