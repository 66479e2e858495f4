package io.millrace.ingest;

import io.millrace.identity.Source;
import io.millrace.ingest.ask.ProcessorClient;
import io.millrace.ingest.observe.Meters;
import io.millrace.ingest.outcome.Endpoint;
import io.millrace.ingest.query.ExplanationEndpoint;
import io.millrace.ingest.query.Exports;
import io.millrace.ingest.query.PredictionEndpoints;
import io.millrace.ingest.query.Predictions;
import io.millrace.ingest.query.QualityEndpoint;
import io.millrace.ingest.query.UserEndpoint;
import io.millrace.ingest.query.event.EventEndpoint;
import io.millrace.ingest.query.letter.LetterEndpoints;
import io.millrace.ingest.query.live.LiveEndpoint;
import io.millrace.ingest.query.live.LivePredictions;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The read side: what it needs, and its operations. It starts without Kafka and without the store. */
final class Reads implements AutoCloseable {
    private final Predictions predictions;
    private final Exports exports;
    private final LivePredictions live;
    private final ThreadPoolExecutor readers;
    private final EventEndpoint event;
    private final UserEndpoint users;
    private final ExplanationEndpoint explanations;

    private Reads(
            IngestConfig config, ProcessorClient processor, Supplier<Source> onlySource, Meters meters, Clock clock) {
        predictions = new Predictions(config.query(), meters.registry());
        exports = new Exports(predictions, config.query().exports());
        live = new LivePredictions(config.live(), meters.registry());
        readers = readers(config.query().connections());
        event = new EventEndpoint(predictions, readers, config.events(), clock);
        explanations = new ExplanationEndpoint(predictions, processor, readers);
        users = new UserEndpoint(
                processor, predictions, onlySource, readers, config.ask().userDeadline());
    }

    static Reads start(
            IngestConfig config, ProcessorClient processor, Supplier<Source> onlySource, Meters meters, Clock clock) {
        Reads reads = new Reads(config, processor, onlySource, meters, clock);
        meters.gauge("millrace.ingest.exports", "Results that are being streamed", reads.exports::active);
        return reads;
    }

    /** By operationId. */
    Map<String, Endpoint> endpoints() {
        Map<String, Endpoint> endpoints = new HashMap<>();
        endpoints.putAll(new PredictionEndpoints(predictions, exports, readers).all());
        endpoints.putAll(new LiveEndpoint(live).all());
        endpoints.putAll(event.all());
        endpoints.putAll(users.all());
        endpoints.putAll(new QualityEndpoint(predictions, readers).all());
        endpoints.putAll(explanations.all());
        endpoints.putAll(new LetterEndpoints(predictions, exports, readers).all());
        return endpoints;
    }

    /** As many threads as connections; a short queue, because who waits longer is better told to come again. */
    private static ThreadPoolExecutor readers(int connections) {
        return new ThreadPoolExecutor(
                connections, connections, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(connections * 8), task -> {
                    Thread thread = new Thread(task, "millrace-reader");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public void close() {
        readers.shutdownNow();
        event.close();
        live.close();
        exports.close();
        predictions.close();
    }
}
