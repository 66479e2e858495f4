package io.millrace.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What an event's way through the codec costs, next to Jackson's databind. The figures are in docs/benchmarks.md. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventCodecBenchmark {
    private static final ObjectMapper DATABIND = new ObjectMapper();

    private final Event event = Samples.event();
    private final byte[] bytes = EventCodec.encode(event);

    /** As a program would have it that binds and keeps trees. */
    public record Bound(
            String id,
            String source,
            @Nullable String userId,
            @Nullable String anonymousId,
            String kind,
            @Nullable String name,
            @Nullable JsonNode properties,
            @Nullable JsonNode traits,
            @Nullable JsonNode context,
            @Nullable String originalTimestamp,
            @Nullable String sentAt,
            String receivedAt,
            String timestamp,
            String timestampBasis) {}

    @Benchmark
    public Event decode() throws DecodeException {
        return EventCodec.decode(bytes);
    }

    @Benchmark
    public byte[] encode() {
        return EventCodec.encode(event);
    }

    @Benchmark
    public Event decodeByDatabind() throws IOException {
        Bound bound = DATABIND.readValue(bytes, Bound.class);
        return new Event(
                new EventId(bound.id),
                new Source(bound.source),
                bound.userId,
                bound.anonymousId,
                EventKind.parse(bound.kind).orElseThrow(),
                bound.name,
                object(bound.properties),
                object(bound.traits),
                object(bound.context),
                new EventTimes(
                        instant(bound.originalTimestamp),
                        instant(bound.sentAt),
                        Instant.parse(bound.receivedAt),
                        Instant.parse(bound.timestamp),
                        EventTimes.Basis.valueOf(bound.timestampBasis.toUpperCase(Locale.ROOT))));
    }

    @Benchmark
    public byte[] encodeByDatabind() throws IOException {
        return DATABIND.writeValueAsBytes(new Bound(
                event.id().value(),
                event.source().name(),
                event.userId(),
                event.anonymousId(),
                event.kind().text(),
                event.name(),
                DATABIND.readTree(event.properties().toString()),
                null,
                null,
                String.valueOf(event.times().original()),
                null,
                event.times().received().toString(),
                event.times().event().toString(),
                event.times().basis().toString()));
    }

    /** Takes JMH's options, such as {@code -f 1 -wi 3 -i 3 -r 1 -prof gc}. */
    public static void main(String[] arguments) throws Exception {
        new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(EventCodecBenchmark.class.getName())
                        .build())
                .run();
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static JsonObject object(@Nullable JsonNode tree) {
        return tree == null ? JsonObject.EMPTY : JsonObject.of(tree.toString());
    }
}
