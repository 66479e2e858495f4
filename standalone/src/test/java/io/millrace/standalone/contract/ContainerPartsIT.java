package io.millrace.standalone.contract;

import io.millrace.config.PostgresLogin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The oldest and the newest images that Millrace is said to run with keep the contract. Needs a container engine. */
@Tag("docker")
class ContainerPartsIT {
    @Nested
    class OldestBroker extends Broker {
        OldestBroker() {
            super("apache/kafka:3.9.1");
        }
    }

    @Nested
    class NewestBroker extends Broker {
        NewestBroker() {
            super("apache/kafka:4.3.1");
        }
    }

    @Nested
    class OldestDatabase extends Database {
        OldestDatabase() {
            super("postgres:14.19");
        }
    }

    @Nested
    class NewestDatabase extends Database {
        NewestDatabase() {
            super("postgres:18.4");
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Broker implements KafkaContract {
        private final KafkaContainer container;

        Broker(String image) {
            container = new KafkaContainer(image);
        }

        @BeforeAll
        void start() {
            container.start();
        }

        @AfterAll
        void stop() {
            container.stop();
        }

        @Override
        public String bootstrap() {
            return container.getBootstrapServers();
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Database implements PostgresContract {
        private final PostgreSQLContainer container;

        Database(String image) {
            container = new PostgreSQLContainer(image);
        }

        @BeforeAll
        void start() {
            container.start();
        }

        @AfterAll
        void stop() {
            container.stop();
        }

        @Override
        public PostgresLogin login() {
            return new PostgresLogin(container.getJdbcUrl(), container.getUsername(), container.getPassword());
        }
    }
}
