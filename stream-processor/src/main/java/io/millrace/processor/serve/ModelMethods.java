package io.millrace.processor.serve;

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
import io.millrace.grpc.v1.RegisterRequest;
import io.millrace.grpc.v1.RegisterResponse;
import io.millrace.grpc.v1.RegisteredModel;
import io.millrace.grpc.v1.RollbackRequest;
import io.millrace.processor.serve.Methods.Method;
import io.vertx.grpc.common.ServiceName;

/** The methods of millrace.v1.ModelService. */
final class ModelMethods {
    static final ServiceName SERVICE = ServiceName.create("millrace.v1.ModelService");

    static final Method<RegisterRequest, RegisterResponse> REGISTER =
            method("Register", RegisterRequest.getDefaultInstance(), RegisterResponse.getDefaultInstance());
    static final Method<ListRegisteredRequest, ListRegisteredResponse> LIST = method(
            "ListRegistered", ListRegisteredRequest.getDefaultInstance(), ListRegisteredResponse.getDefaultInstance());
    static final Method<GetModelRequest, RegisteredModel> GET =
            method("GetModel", GetModelRequest.getDefaultInstance(), RegisteredModel.getDefaultInstance());
    static final Method<DeployRequest, ModelDeployment> DEPLOY =
            method("Deploy", DeployRequest.getDefaultInstance(), ModelDeployment.getDefaultInstance());
    static final Method<RollbackRequest, ModelDeployment> ROLLBACK =
            method("Rollback", RollbackRequest.getDefaultInstance(), ModelDeployment.getDefaultInstance());
    static final Method<DeleteVersionRequest, DeleteVersionResponse> DELETE = method(
            "DeleteVersion", DeleteVersionRequest.getDefaultInstance(), DeleteVersionResponse.getDefaultInstance());
    static final Method<GetStatusRequest, GetStatusResponse> STATUS =
            method("GetStatus", GetStatusRequest.getDefaultInstance(), GetStatusResponse.getDefaultInstance());

    private ModelMethods() {}

    private static <Q extends Message, A extends Message> Method<Q, A> method(String name, Q question, A answer) {
        return Methods.method(SERVICE, name, question, answer);
    }
}
