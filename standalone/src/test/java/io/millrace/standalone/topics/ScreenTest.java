package io.millrace.standalone.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.standalone.topics.PipelineWatch.Seen;
import io.millrace.standalone.topics.TopicReport.TopicState;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"24,80", "40,120", "10,40", "1,1"})
    void fitsTheTerminal(int rows, int columns) throws Exception {
        List<String> lines = Screen.fitted(seen(100), rows, columns);

        assertThat(lines)
                .hasSizeLessThanOrEqualTo(rows)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }

    @Test
    void showsWhatMattersFirst_whereThereIsLittleRoom() throws Exception {
        List<String> lines = Screen.fitted(seen(100), 24, 120);

        assertThat(lines.get(0)).contains("100 partitions on user-events", "copying");
        assertThat(String.join("\n", lines))
                .contains("812.5/s received")
                .contains("[##########          ] 50 of 100 records")
                .contains("10.0.0.1:8082", "0-49", "50-99")
                .contains("restoring 1 changelog partitions: 750 of 1,000 records, 75 %")
                .contains("10.0.0.2:8082", "does not answer")
                .contains("user-events", "1.5 KiB")
                .contains("… and ");
        assertThat(lines.stream().filter(line -> line.strip().startsWith("99 ")))
                .as("the furthest behind")
                .hasSize(1);
    }

    private static Seen seen(int partitions) throws Exception {
        ObjectNode tree = (ObjectNode) JSON.readTree("""
                {"at":"2026-01-31T12:00:00.000Z","lag":4950,"rates":{"received":812.5,"processed":800,"predicted":2400},
                 "layout":{"number":1,"topic":"user-events","phase":"copying"},
                 "move":{"phase":"copying","from":{"number":1,"topic":"user-events","partitions":100},
                   "to":{"number":2,"topic":"user-events-2","partitions":200},"copied":50,"total":100,"untaken":7,
                   "expectedPauseSeconds":1.2},
                 "store":{"connected":true,"lag":3},"deadLetters":0,"brokers":{"reachable":true,"nodes":["b:9092"]},
                 "instances":[{"address":"10.0.0.1:8082","state":"running","threads":["running"],"stateBytes":1048576,
                   "models":["m@1"],"rates":{"processed":800,"predicted":2400},"active":[],"standby":[],
                   "restoring":[{"store":"users","partition":1,"records":1000,"left":250}]},
                  {"address":"10.0.0.2:8082","unreachable":"processor 10.0.0.2:8082 does not answer"}],
                 "missing":[]}
                """);
        tree.put("partitions", partitions);
        ArrayNode lags = tree.putArray("partitionLags");
        ObjectNode instance = (ObjectNode) tree.at("/instances/0");
        for (int i = 0; i < partitions; i++) {
            lags.addObject()
                    .put("partition", i)
                    .put("end", 1_000 + i)
                    .put("committed", 1_000)
                    .put("lag", i);
            instance.withArray(i < partitions / 2 ? "active" : "standby")
                    .addObject()
                    .put("layout", 1)
                    .put("partition", i);
        }
        TopicState topic = new TopicState(
                "user-events", partitions, 1, 4_950, OptionalLong.of(1_536), Collections.nCopies(partitions, 49L));
        return new Seen(new TopicReport.State(List.of(topic), List.of(), List.of()), null, tree);
    }
}
