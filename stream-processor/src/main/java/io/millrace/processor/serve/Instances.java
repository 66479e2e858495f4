package io.millrace.processor.serve;

import io.millrace.grpc.v1.GetStatusRequest;
import io.millrace.grpc.v1.GetStatusResponse;
import io.millrace.grpc.v1.InstanceStatus;
import io.millrace.processor.model.ModelState;
import io.millrace.processor.serve.Users.Lookup;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** How far the models are on every processor of the cluster: this one's own word, and that of each other, asked. Thread-safe. */
final class Instances {
    private final Supplier<String> advertised;
    private final Supplier<@Nullable KafkaStreams> streams;
    private final Supplier<List<ModelState>> states;
    private final Peers peers;

    Instances(
            Supplier<String> advertised,
            Supplier<@Nullable KafkaStreams> streams,
            Supplier<List<ModelState>> states,
            Peers peers) {
        this.advertised = advertised;
        this.streams = streams;
        this.states = states;
        this.peers = peers;
    }

    void status(GetStatusRequest request, Call call, Reply<GetStatusResponse> reply) {
        String here = advertised.get();
        Set<HostInfo> others = call.forwarded() ? Set.of() : others(HostInfo.buildFromEndpoint(here));
        Gathering gathering = new Gathering(others.size(), reply);
        for (HostInfo other : others) {
            Lookup.Elsewhere there = new Lookup.Elsewhere(other.host(), other.port());
            peers.ask(there, ModelMethods.STATUS, request, call, gathering.of(other.host() + ":" + other.port()));
        }
        gathering.add(List.of(ModelAnswers.instance(here, states.get(), request.getName())));
    }

    private Set<HostInfo> others(HostInfo here) {
        Set<HostInfo> others = new TreeSet<>(Comparator.comparing(HostInfo::toString));
        KafkaStreams topology = streams.get();
        if (topology != null && topology.state() == KafkaStreams.State.RUNNING) {
            for (StreamsMetadata metadata : topology.metadataForAllStreamsClients()) {
                if (!metadata.hostInfo().equals(here) && !metadata.hostInfo().equals(HostInfo.unavailable())) {
                    others.add(metadata.hostInfo());
                }
            }
        }
        return others;
    }

    /** Collects what instances say until all have; one that does not answer is named with the reason. */
    private static final class Gathering {
        private final List<InstanceStatus> said = new ArrayList<>();
        private final Reply<GetStatusResponse> reply;
        private int missing;

        /** @param others beside this instance */
        Gathering(int others, Reply<GetStatusResponse> reply) {
            this.missing = others + 1;
            this.reply = reply;
        }

        Reply<GetStatusResponse> of(String address) {
            return new Reply<>() {
                @Override
                public void give(GetStatusResponse answer) {
                    add(answer.getInstancesList());
                }

                @Override
                public void refuse(GrpcStatus status, String detail) {
                    add(List.of(InstanceStatus.newBuilder()
                            .setAddress(address)
                            .setUnreachable(detail)
                            .build()));
                }
            };
        }

        synchronized void add(List<InstanceStatus> statuses) {
            said.addAll(statuses);
            missing--;
            if (missing == 0) {
                said.sort(Comparator.comparing(InstanceStatus::getAddress));
                reply.give(GetStatusResponse.newBuilder().addAllInstances(said).build());
            }
        }
    }
}
