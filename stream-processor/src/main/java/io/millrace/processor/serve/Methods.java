package io.millrace.processor.serve;

import com.google.protobuf.Message;
import io.millrace.grpc.v1.ExplainRequest;
import io.millrace.grpc.v1.ExplainResponse;
import io.millrace.grpc.v1.GetPipelineRequest;
import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.GetUserRequest;
import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.ListModelsRequest;
import io.millrace.grpc.v1.ListModelsResponse;
import io.millrace.grpc.v1.PredictManyRequest;
import io.millrace.grpc.v1.PredictManyResponse;
import io.millrace.grpc.v1.PredictRequest;
import io.millrace.grpc.v1.PredictResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;

/** The methods of millrace.v1.ScoringService, for the server and for the client that sends calls on. */
final class Methods {
    static final ServiceName SERVICE = ServiceName.create("millrace.v1.ScoringService");

    /** One method, from both ends. */
    record Method<Q extends Message, A extends Message>(
            ServiceMethod<Q, A> served, ServiceMethod<A, Q> asked, A nothing) {
        String name() {
            return served.methodName();
        }
    }

    static final Method<PredictRequest, PredictResponse> PREDICT =
            method("Predict", PredictRequest.getDefaultInstance(), PredictResponse.getDefaultInstance());
    static final Method<PredictManyRequest, PredictManyResponse> PREDICT_MANY =
            method("PredictMany", PredictManyRequest.getDefaultInstance(), PredictManyResponse.getDefaultInstance());
    static final Method<GetUserRequest, GetUserResponse> GET_USER =
            method("GetUser", GetUserRequest.getDefaultInstance(), GetUserResponse.getDefaultInstance());
    static final Method<ListModelsRequest, ListModelsResponse> LIST_MODELS =
            method("ListModels", ListModelsRequest.getDefaultInstance(), ListModelsResponse.getDefaultInstance());

    static final Method<ExplainRequest, ExplainResponse> EXPLAIN =
            method("Explain", ExplainRequest.getDefaultInstance(), ExplainResponse.getDefaultInstance());

    static final Method<GetPipelineRequest, GetPipelineResponse> GET_PIPELINE =
            method("GetPipeline", GetPipelineRequest.getDefaultInstance(), GetPipelineResponse.getDefaultInstance());

    private Methods() {}

    private static <Q extends Message, A extends Message> Method<Q, A> method(String name, Q question, A answer) {
        return method(SERVICE, name, question, answer);
    }

    static <Q extends Message, A extends Message> Method<Q, A> method(
            ServiceName service, String name, Q question, A answer) {
        return new Method<>(
                ServiceMethod.server(service, name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(question)),
                ServiceMethod.client(service, name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(answer)),
                answer);
    }
}
