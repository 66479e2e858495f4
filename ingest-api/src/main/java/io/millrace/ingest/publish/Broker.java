package io.millrace.ingest.publish;

import io.millrace.ingest.observe.Health;
import io.millrace.ingest.observe.HealthCheck;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCreator;
import io.millrace.topic.TopicsUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is known of Kafka: a thread that creates the topics, lets the publisher learn their partitions, and then asks
 * every second whether the broker is there. Without a broker the door still starts, and is not ready.
 */
public final class Broker implements HealthCheck, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_WHEN_READY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_WHEN_NOT = Duration.ofMillis(100);
    private static final List<String> TOPICS = List.of(Topic.DEAD_LETTERS.topicName(), Topic.SOURCES.topicName());

    private final PublishConfig config;
    private final Publisher publisher;
    private final Admin admin;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean everReady;
    private volatile Health health = new Health.NotReady("not asked yet");

    private Broker(PublishConfig config, Publisher publisher) {
        this.config = config;
        this.publisher = publisher;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrap(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "millrace-ingest-admin",
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                BETWEEN_WHEN_NOT.toMillis() * 5));
        this.thread = new Thread(this::watch, "millrace-broker-watch");
        this.thread.setDaemon(true);
    }

    public static Broker watch(PublishConfig config, Publisher publisher) {
        Broker broker = new Broker(config, publisher);
        broker.thread.start();
        return broker;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Health check() {
        return health;
    }

    private void watch() {
        boolean created = false;
        try {
            Duration pause = Duration.ZERO;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                created = created || createTopics();
                if (created) {
                    tell(ask());
                }
                pause = health.equals(Health.READY) ? BETWEEN_WHEN_READY : BETWEEN_WHEN_NOT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean createTopics() throws InterruptedException {
        try {
            new TopicCreator(admin, PATIENCE).createMissing(config.partitions(), (short) config.replication());
            return true;
        } catch (TopicsUnavailableException e) {
            tell(new Health.NotReady(e.getMessage() + " at " + config.bootstrap()));
            return false;
        }
    }

    private Health ask() throws InterruptedException {
        if (!publisher.isConnected()) {
            return new Health.NotReady("not connected to " + config.bootstrap());
        }
        for (String topic : TOPICS) {
            if (!publisher.knows(topic)) {
                return new Health.NotReady("the partitions of " + topic + " are not known yet");
            }
        }
        if (!publisher.isRouted()) {
            return new Health.NotReady("it is not known yet which topic takes events");
        }
        try {
            admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Health.READY;
        } catch (TimeoutException | ExecutionException e) {
            return new Health.NotReady(
                    "no answer from " + config.bootstrap() + " within " + PATIENCE.toMillis() + " ms");
        }
    }

    private void tell(Health now) {
        if (now.equals(health)) {
            return;
        }
        if (now instanceof Health.NotReady notReady) {
            // On the way up it is not degraded, only not there yet.
            LOG.atLevel(everReady ? Level.WARN : Level.INFO)
                    .addKeyValue("bootstrap", config.bootstrap())
                    .log("Kafka: {}", notReady.reason());
        } else {
            everReady = true;
            LOG.atInfo().addKeyValue("bootstrap", config.bootstrap()).log("Kafka answers");
        }
        health = now;
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        admin.close(Duration.ZERO);
    }
}
