package io.millrace.ingest.query.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.grpc.v1.GetPipelineResponse;
import io.millrace.grpc.v1.PipelineInstance;
import io.millrace.grpc.v1.Restoration;
import io.millrace.ingest.ask.Asked;
import io.millrace.layout.Layout;
import io.millrace.layout.Pipeline;
import io.millrace.layout.Pipeline.Phase;
import io.millrace.layout.StreamThreads;
import io.millrace.pipeline.BrokerSight;
import io.millrace.pipeline.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PipelineJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void tellsWhatAProcessorRestores() throws Exception {
        PipelineInstance instance = PipelineInstance.newBuilder()
                .setAddress("10.0.0.1:8082")
                .setId("p1")
                .setStartedMs(1)
                .setState("rebalancing")
                .addThreads("partitions_assigned")
                .addRestoring(Restoration.newBuilder()
                        .setStore("users")
                        .setPartition(3)
                        .setRecords(1_000)
                        .setLeft(250))
                .build();

        JsonNode said = said(Pipeline.FIRST, sight(Optional.empty()), instance);

        JsonNode told = said.path("instances").path(0);
        assertThat(told.path("state").asText()).isEqualTo("rebalancing");
        assertThat(told.path("restoring").toString())
                .isEqualTo("[{\"store\":\"users\",\"partition\":3,\"records\":1000,\"left\":250}]");
    }

    @Test
    void tellsHowFarAMoveIs() throws Exception {
        Pipeline moving = new Pipeline(
                3,
                new Layout(1, 6),
                Phase.COPYING,
                new Layout(2, 12),
                2,
                List.of(),
                StreamThreads.AS_SET,
                Instant.EPOCH);

        JsonNode said = said(moving, sight(Optional.of(new BrokerSight.Move(750, 1_000, 20, 0.36))));

        assertThat(said.path("layout").path("phase").asText()).isEqualTo("copying");
        JsonNode move = said.path("move");
        assertThat(move.path("from").path("partitions").asInt()).isEqualTo(6);
        assertThat(move.path("to").path("topic").asText()).isEqualTo("user-events-2");
        assertThat(move.path("copied").asInt()).isEqualTo(750);
        assertThat(move.path("total").asInt()).isEqualTo(1_000);
        assertThat(move.path("untaken").asInt()).isEqualTo(20);
        assertThat(move.path("expectedPauseSeconds").asDouble()).isEqualTo(0.4);
    }

    private static JsonNode said(Pipeline pipeline, BrokerSight sight, PipelineInstance... instances) throws Exception {
        GetPipelineResponse answer = GetPipelineResponse.newBuilder()
                .addAllInstances(List.of(instances))
                .build();
        return JSON.readTree(
                PipelineJson.of(Instant.EPOCH, new Sighting(pipeline, 0), 6, sight, new Asked.Answered<>(answer)));
    }

    private static BrokerSight sight(Optional<BrokerSight.Move> move) {
        return new BrokerSight(
                List.of("1"), 6, List.of(), OptionalDouble.of(10), OptionalLong.of(0), OptionalLong.of(0), move, null);
    }
}
