package io.millrace.processor.serve;

import io.millrace.grpc.v1.GetPipelineRequest;
import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.GetStatusRequest;
import io.millrace.grpc.v1.GetStatusResponse;
import io.millrace.grpc.v1.InstanceStatus;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.serve.Users.Lookup;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** How every processor of the cluster is: this one's own word, and that of each other, asked. Thread-safe. */
final class Instances {
    private final Supplier<String> advertised;
    private final Supplier<@Nullable KafkaStreams> streams;
    private final Peers peers;

    Instances(Supplier<String> advertised, Supplier<@Nullable KafkaStreams> streams, Peers peers) {
        this.advertised = advertised;
        this.streams = streams;
        this.peers = peers;
    }

    /** @param states of the models here */
    void status(List<ModelState> states, GetStatusRequest request, Call call, Reply<GetStatusResponse> reply) {
        String here = advertised.get();
        Set<HostInfo> others = others(call, HostInfo.buildFromEndpoint(here));
        Gathering<InstanceStatus, GetStatusResponse> gathering = new Gathering<>(
                others.size(),
                GetStatusResponse::getInstancesList,
                (address, why) -> InstanceStatus.newBuilder()
                        .setAddress(address)
                        .setUnreachable(why)
                        .build(),
                said -> {
                    said.sort(Comparator.comparing(InstanceStatus::getAddress));
                    reply.give(
                            GetStatusResponse.newBuilder().addAllInstances(said).build());
                });
        for (HostInfo other : others) {
            peers.ask(at(other), ModelMethods.STATUS, request, call, gathering.from(name(other)));
        }
        gathering.add(List.of(ModelAnswers.instance(here, states, request.getName())));
    }

    /**
     * How the pipeline is.
     *
     * @param own what is to be said of this instance; may take a moment
     * @param readers that it is made on
     */
    void pipeline(
            Supplier<PipelineInstance> own,
            Executor readers,
            GetPipelineRequest request,
            Call call,
            Reply<GetPipelineResponse> reply) {
        String here = advertised.get();
        Set<HostInfo> others = others(call, HostInfo.buildFromEndpoint(here));
        Gathering<PipelineInstance, GetPipelineResponse> gathering =
                new Gathering<>(others.size(), GetPipelineResponse::getInstancesList, Instances::unreachable, said -> {
                    said.sort(Comparator.comparing(PipelineInstance::getAddress));
                    reply.give(GetPipelineResponse.newBuilder()
                            .addAllInstances(said)
                            .build());
                });
        // Who is silent must not take the time in which the others' word would still be of use.
        Call hurried = call.hurried();
        for (HostInfo other : others) {
            peers.ask(at(other), Methods.GET_PIPELINE, request, hurried, gathering.from(name(other)));
        }
        try {
            readers.execute(() -> gathering.add(List.of(said(own, here))));
        } catch (RejectedExecutionException e) {
            reply.refuse(GrpcStatus.RESOURCE_EXHAUSTED, "too many reads wait already");
        }
    }

    private static PipelineInstance said(Supplier<PipelineInstance> own, String here) {
        try {
            return own.get().toBuilder().setAddress(here).build();
        } catch (IllegalStateException e) {
            // What Streams throws while it closes.
            return unreachable(here, "the processor is starting or closing");
        }
    }

    private static PipelineInstance unreachable(String address, String why) {
        return PipelineInstance.newBuilder()
                .setAddress(address)
                .setUnreachable(why)
                .build();
    }

    private Set<HostInfo> others(Call call, HostInfo here) {
        Set<HostInfo> others = new TreeSet<>(Comparator.comparing(HostInfo::toString));
        KafkaStreams topology = streams.get();
        if (!call.forwarded() && topology != null && topology.state().isRunningOrRebalancing()) {
            for (StreamsMetadata metadata : topology.metadataForAllStreamsClients()) {
                if (!metadata.hostInfo().equals(here) && !metadata.hostInfo().equals(HostInfo.unavailable())) {
                    others.add(metadata.hostInfo());
                }
            }
        }
        return others;
    }

    private static Lookup.Elsewhere at(HostInfo other) {
        return new Lookup.Elsewhere(other.host(), other.port());
    }

    private static String name(HostInfo other) {
        return other.host() + ":" + other.port();
    }
}
