package io.millrace.config;

import java.util.List;

/** The settings that ingest-api and stream-processor both read: where Kafka and PostgreSQL are, and how topics are made. */
public final class SharedKeys {
    public static final Key<String> KAFKA_BOOTSTRAP = Key.text(
            "kafka.bootstrap", "localhost:9092", "Kafka's bootstrap addresses, host:port, separated by commas.");

    public static final Key<String> POSTGRES_URL = Key.text(
            "postgres.url",
            "jdbc:postgresql://localhost:5432/millrace",
            "JDBC URL of the store, without user and password.");

    public static final Key<String> POSTGRES_USER = Key.text("postgres.user", "millrace", "User of the store.");

    public static final Key<String> POSTGRES_PASSWORD =
            Key.secret("postgres.password", "", "Password of the store's user; empty where the server asks for none.");

    public static final Key<Integer> TOPICS_PARTITIONS = Key.integer(
            "topics.partitions",
            12,
            1,
            10_000,
            "Partitions of a topic that Millrace creates; one that exists keeps its own.");

    public static final Key<Integer> TOPICS_REPLICATION = Key.integer(
            "topics.replication",
            -1,
            -1,
            1_000,
            "Copies of each partition of a topic that Millrace creates; -1 takes the broker's default.");

    public static final Key<Boolean> ALLOW_INSECURE = Key.flag(
            "network.allow-insecure",
            false,
            "Lets a process listen beyond loopback without TLS, or with a secret that is known or easily guessed: for one that"
                    + " a proxy or a private network protects.");

    /** Every key of this class. */
    public static final List<Key<?>> ALL = List.of(
            KAFKA_BOOTSTRAP,
            POSTGRES_URL,
            POSTGRES_USER,
            POSTGRES_PASSWORD,
            TOPICS_PARTITIONS,
            TOPICS_REPLICATION,
            ALLOW_INSECURE);

    private SharedKeys() {}
}
