package io.millrace.standalone.contract;

import io.millrace.config.PostgresLogin;
import io.millrace.standalone.embedded.EmbeddedBroker;
import io.millrace.standalone.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The parts that come with Millrace keep the contract. */
class EmbeddedPartsIT {
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Broker implements KafkaContract {
        private EmbeddedBroker broker;

        @BeforeAll
        void start(@TempDir Path folder) {
            broker = EmbeddedBroker.start(folder, 0);
        }

        @AfterAll
        void stop() {
            broker.close();
        }

        @Override
        public String bootstrap() {
            return broker.bootstrap();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Database implements PostgresContract {
        private EmbeddedPostgres postgres;

        @BeforeAll
        void start(@TempDir Path folder) {
            postgres = EmbeddedPostgres.start(folder, 0, "secret");
        }

        @AfterAll
        void stop() {
            postgres.close();
        }

        @Override
        public PostgresLogin login() {
            return new PostgresLogin(postgres.jdbcUrl(), postgres.user(), postgres.password());
        }
    }
}
