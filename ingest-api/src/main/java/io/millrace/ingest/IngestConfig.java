package io.millrace.ingest;

import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.ingest.admit.AdmissionLimits;
import io.millrace.ingest.admit.RateLimits;
import io.millrace.ingest.ask.AskConfig;
import io.millrace.ingest.authorize.AccessConfig;
import io.millrace.ingest.publish.PublishConfig;
import io.millrace.ingest.query.QueryConfig;
import io.millrace.ingest.query.event.EventsConfig;
import io.millrace.ingest.query.live.LiveConfig;
import io.millrace.ingest.receive.HttpConfig;
import io.millrace.ingest.receive.Tls;
import io.millrace.ingest.receive.mqtt.MqttConfig;
import io.millrace.ingest.validate.ValidationLimits;
import io.millrace.trace.TracingConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How ingest-api runs.
 *
 * @param mqtt where devices are served
 * @param processorReady asked for the processor's readiness, where it runs elsewhere
 */
public record IngestConfig(
        HttpConfig http,
        Optional<MqttConfig> mqtt,
        AdmissionLimits admission,
        ValidationLimits validation,
        AccessConfig access,
        RateLimits rates,
        PublishConfig publish,
        QueryConfig query,
        AskConfig ask,
        LiveConfig live,
        EventsConfig events,
        Optional<URI> processorReady,
        TracingConfig tracing) {
    private static final Duration LEAST_BURST = Duration.ofMillis(1);
    private static final Duration MOST_BURST = Duration.ofMinutes(10);
    private static final int HEAP_SHARE = 8;
    private static final long HEAP_PER_CONNECTION = 32 * 1024;
    private static final long MOST_BUFFER = 64L << 20;

    /** Reads its settings; what is wrong is told by {@link Settings#check}. */
    public static IngestConfig from(Settings settings) {
        HttpConfig http = http(settings);
        return new IngestConfig(
                http,
                MqttConfig.from(settings, http),
                new AdmissionLimits(
                        settings.get(IngestKeys.IN_FLIGHT_REQUESTS),
                        orElse(settings.get(IngestKeys.IN_FLIGHT_BYTES), heap() / HEAP_SHARE),
                        settings.get(IngestKeys.RETRY_AFTER)),
                new ValidationLimits(
                        settings.get(IngestKeys.EVENT_BYTES),
                        settings.get(IngestKeys.BATCH),
                        settings.get(IngestKeys.NESTING),
                        settings.get(IngestKeys.FUTURE)),
                AccessSettings.read(settings),
                new RateLimits(settings.get(IngestKeys.RATE), burst(settings)),
                publish(settings),
                QueryConfig.from(settings, settings.get(IngestKeys.FUTURE)),
                AskConfig.from(settings),
                LiveConfig.from(settings),
                EventsConfig.from(settings, settings.get(IngestKeys.REQUEST_DEADLINE)),
                processorReady(settings),
                TracingConfig.from(settings));
    }

    private static HttpConfig http(Settings settings) {
        return new HttpConfig(
                settings.get(IngestKeys.HOST),
                settings.get(IngestKeys.PORT),
                settings.get(IngestKeys.EVENT_LOOPS),
                Math.toIntExact(orElse(settings.get(IngestKeys.CONNECTIONS), heap() / HEAP_PER_CONNECTION)),
                settings.get(IngestKeys.BODY_BYTES),
                settings.get(IngestKeys.HEAD_DEADLINE),
                settings.get(IngestKeys.BODY_DEADLINE),
                settings.get(IngestKeys.REQUEST_DEADLINE),
                settings.get(IngestKeys.STALL),
                settings.get(IngestKeys.LEAST_RATE),
                settings.get(IngestKeys.IDLE),
                settings.get(IngestKeys.DRAIN),
                tls(settings),
                settings.get(IngestKeys.CORS_ORIGINS),
                settings.get(IngestKeys.SDK_ORIGINS));
    }

    private static Duration burst(Settings settings) {
        Duration burst = settings.get(IngestKeys.BURST);
        if (burst.compareTo(LEAST_BURST) < 0 || burst.compareTo(MOST_BURST) > 0) {
            settings.error(IngestKeys.BURST.path() + ": given " + burst + ", expected 1ms to 10m");
            return LEAST_BURST;
        }
        return burst;
    }

    private static Optional<Tls> tls(Settings settings) {
        String certificate = settings.get(IngestKeys.TLS_CERTIFICATE);
        String key = settings.get(IngestKeys.TLS_KEY);
        if (certificate.isEmpty() != key.isEmpty()) {
            settings.error(IngestKeys.TLS_CERTIFICATE.path() + " and " + IngestKeys.TLS_KEY.path()
                    + ": given one, expected both or none");
        }
        return certificate.isEmpty() || key.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tls(Path.of(certificate), Path.of(key)));
    }

    private static long orElse(long given, long fallback) {
        return given > 0 ? given : fallback;
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory();
    }

    private static PublishConfig publish(Settings settings) {
        PublishConfig publish = new PublishConfig(
                settings.get(SharedKeys.KAFKA_BOOTSTRAP),
                settings.get(SharedKeys.TOPICS_PARTITIONS),
                settings.get(SharedKeys.TOPICS_REPLICATION),
                settings.get(IngestKeys.LINGER),
                orElse(settings.get(IngestKeys.BUFFER_BYTES), Math.min(MOST_BUFFER, heap() / HEAP_SHARE)),
                settings.get(IngestKeys.DELIVERY_TIMEOUT),
                settings.get(IngestKeys.RETRY_AFTER));
        if (publish.linger().compareTo(publish.deliveryTimeout()) >= 0) {
            settings.error(IngestKeys.LINGER.path() + ": given " + publish.linger() + ", expected less than "
                    + IngestKeys.DELIVERY_TIMEOUT.path());
        }
        if (publish.deliveryTimeout().compareTo(settings.get(IngestKeys.REQUEST_DEADLINE)) >= 0) {
            settings.error(IngestKeys.DELIVERY_TIMEOUT.path() + ": given " + publish.deliveryTimeout()
                    + ", expected less than " + IngestKeys.REQUEST_DEADLINE.path());
        }
        return publish;
    }

    private static Optional<URI> processorReady(Settings settings) {
        String url = settings.get(IngestKeys.PROCESSOR_READY_URL);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            settings.error(
                    IngestKeys.PROCESSOR_READY_URL.path() + ": given \"" + url + "\", expected http://… or https://…");
            return Optional.empty();
        }
        return Optional.of(URI.create(url));
    }
}
