package io.millrace.standalone.door;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.stub.MetadataUtils;
import io.millrace.grpc.v1.PublishRequest;
import io.millrace.grpc.v1.PublishResponse;
import io.millrace.grpc.v1.PublishStreamRequest;
import io.millrace.grpc.v1.PublishStreamResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** grpc-java's client at the door, as a producer would have it. */
final class GrpcClient implements AutoCloseable {
    static final MethodDescriptor<PublishRequest, PublishResponse> PUBLISH = method(
            MethodType.UNARY, "millrace.v1.EventService/Publish", PublishRequest.parser(), PublishResponse.parser());
    static final MethodDescriptor<PublishStreamRequest, PublishStreamResponse> PUBLISH_STREAM = method(
            MethodType.BIDI_STREAMING,
            "millrace.v1.EventService/PublishStream",
            PublishStreamRequest.parser(),
            PublishStreamResponse.parser());

    private final ManagedChannel channel;

    GrpcClient(int port) {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    /** With metadata, such as a credential. */
    Channel with(String... metadata) {
        Metadata headers = new Metadata();
        for (int i = 0; i < metadata.length; i += 2) {
            headers.put(Metadata.Key.of(metadata[i], Metadata.ASCII_STRING_MARSHALLER), metadata[i + 1]);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    static <Q extends Message, A extends Message> ClientCall<Q, A> call(Channel on, MethodDescriptor<Q, A> method) {
        return on.newCall(method, CallOptions.DEFAULT);
    }

    static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            MethodType type, String name, Parser<Q> question, Parser<A> answer) {
        return MethodDescriptor.newBuilder(marshaller(question), marshaller(answer))
                .setType(type)
                .setFullMethodName(name)
                .build();
    }

    private static <T extends Message> MethodDescriptor.Marshaller<T> marshaller(Parser<T> parser) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(T message) {
                return new ByteArrayInputStream(message.toByteArray());
            }

            @Override
            public T parse(InputStream stream) {
                try {
                    return parser.parseFrom(stream.readAllBytes());
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalArgumentException(e);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
