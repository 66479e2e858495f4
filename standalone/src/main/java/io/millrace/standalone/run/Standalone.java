package io.millrace.standalone.run;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestConfig;
import io.millrace.ingest.IngestKeys;
import io.millrace.ingest.ask.AskKeys;
import io.millrace.ingest.receive.mqtt.MqttKeys;
import io.millrace.meter.ProcessRegistry;
import io.millrace.processor.Processor;
import io.millrace.processor.ProcessorConfig;
import io.millrace.processor.ProcessorKeys;
import io.millrace.processor.observe.ObserveServer;
import io.millrace.processor.serve.ServeKeys;
import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.data.DataFolder;
import io.millrace.standalone.data.Secrets;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.standalone.embedded.Ports;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything in one JVM: broker, database, processor, door, in the order of what needs what. Closing it drains and stops
 * them in the reverse order, the database's processes included.
 */
public final class Standalone implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Standalone.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Credentials credentials;
    private final String metricsUrl;
    private final OptionalInt mqttPort;

    /**
     * Starts everything and returns when an event posted now would be scored. If a part fails, those that run are stopped.
     *
     * @param folder stays the caller's
     * @throws Exception from the part that failed
     */
    public static Standalone start(DataFolder folder, Given given, Steps steps) throws Exception {
        return new Standalone(folder, given, steps);
    }

    private Standalone(DataFolder folder, Given given, Steps steps) throws Exception {
        Settings checked = given.check();
        boolean started = false;
        try {
            // The door opens last; that it cannot is better told before the rest has started.
            int httpPort = Ports.claim(checked.get(IngestKeys.PORT), "HTTP", "--port");
            int mqttPort = checked.get(MqttKeys.ENABLED)
                    ? Ports.claim(checked.get(MqttKeys.PORT), "MQTT", "--mqtt-port")
                    : checked.get(MqttKeys.PORT);
            Secrets secrets = Secrets.of(folder.path());
            EmbeddedBroker broker = own(steps.run(
                    "Kafka", () -> EmbeddedBroker.start(folder.kafka(), checked.get(StandaloneKeys.KAFKA_PORT))));
            EmbeddedPostgres postgres = own(steps.run(
                    "PostgreSQL",
                    () -> EmbeddedPostgres.start(
                            folder.postgres(), checked.get(StandaloneKeys.POSTGRES_PORT), secrets.postgresPassword())));
            Settings settings = given.with(known(folder, checked, secrets, httpPort, mqttPort, broker, postgres));
            IngestConfig ingestConfig = IngestConfig.from(settings);
            ProcessorConfig processorConfig = ProcessorConfig.from(settings);
            settings.check();
            PrometheusMeterRegistry registry = own(new ProcessRegistry()).registry();
            Processor processor = own(steps.run(
                    "stream-processor (PyTorch, models, state)", () -> Processor.start(processorConfig, registry)));
            ObserveServer observe = own(ObserveServer.start(
                    processorConfig.httpHost(), processorConfig.httpPort(), registry, processor::health));
            Ingest ingest = own(steps.run(
                    "ingest-api", () -> Ingest.start(ingestConfig, ProcessorHealth.checks(processor), registry)));
            String url = "http://" + shown(ingestConfig.http().host()) + ":" + ingest.port();
            credentials = new Credentials(
                    url,
                    secrets.writeKey(),
                    Access.tokens(ingestConfig.access(), checked.get(StandaloneKeys.TOKEN_LIFETIME)),
                    broker.bootstrap(),
                    "postgresql://" + postgres.user() + ":" + postgres.password() + "@127.0.0.1:" + postgres.port()
                            + "/millrace");
            this.mqttPort = ingest.mqttPort();
            metricsUrl = "http://" + shown(processorConfig.httpHost()) + ":" + observe.port() + "/metrics";
            steps.run("an event posted now would be scored", () -> {
                Readiness.await(url, checked.get(StandaloneKeys.READY_TIMEOUT));
                return url;
            });
            credentials.write(folder.path());
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** How to talk to it. */
    public Credentials credentials() {
        return credentials;
    }

    /** Where devices that speak MQTT are served; empty where they are not. */
    public OptionalInt mqttPort() {
        return mqttPort;
    }

    /** Where the processor's own metrics are. */
    public String metricsUrl() {
        return metricsUrl;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.warn("A part did not stop cleanly", e);
            }
        }
    }

    private static Map<String, String> known(
            DataFolder folder,
            Settings checked,
            Secrets secrets,
            int httpPort,
            int mqttPort,
            EmbeddedBroker broker,
            EmbeddedPostgres postgres) {
        Map<String, String> known = new HashMap<>(Access.of(checked, secrets).settings());
        known.put(IngestKeys.PORT.path(), Integer.toString(httpPort));
        known.put(MqttKeys.PORT.path(), Integer.toString(mqttPort));
        known.put(SharedKeys.KAFKA_BOOTSTRAP.path(), broker.bootstrap());
        known.put(SharedKeys.POSTGRES_URL.path(), postgres.jdbcUrl());
        known.put(SharedKeys.POSTGRES_USER.path(), postgres.user());
        known.put(SharedKeys.POSTGRES_PASSWORD.path(), postgres.password());
        if (!checked.isGiven(ProcessorKeys.STATE_DIR)) {
            known.put(ProcessorKeys.STATE_DIR.path(), folder.state().toString());
        }
        int grpcPort = checked.isGiven(ServeKeys.PORT) && checked.get(ServeKeys.PORT) > 0
                ? checked.get(ServeKeys.PORT)
                : Ports.free();
        known.put(ServeKeys.PORT.path(), Integer.toString(grpcPort));
        if (!checked.isGiven(AskKeys.PROCESSORS)) {
            known.put(AskKeys.PROCESSORS.path(), shown(checked.get(ServeKeys.HOST)) + ":" + grpcPort);
        }
        if (!checked.isGiven(ProcessorKeys.HTTP_PORT)) {
            known.put(ProcessorKeys.HTTP_PORT.path(), "0");
        }
        return known;
    }

    private static String shown(String host) {
        return "0.0.0.0".equals(host) || "::".equals(host) ? "127.0.0.1" : host;
    }

    private <T extends AutoCloseable> T own(T part) {
        opened.push(part);
        return part;
    }
}
