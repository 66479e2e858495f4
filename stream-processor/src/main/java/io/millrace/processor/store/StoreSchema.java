package io.millrace.processor.store;

import io.millrace.config.PostgresLogin;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the database's tables to the state of schemas/sql. Several processes may do so at once: Flyway takes a lock. */
public final class StoreSchema {
    private StoreSchema() {}

    /**
     * Applies the migrations that are missing. A database that a newer release has migrated further is left as it is.
     *
     * @throws StoreSchemaException if the database is away, or its tables are not ours to change
     */
    public static void migrate(PostgresLogin postgres) {
        try {
            Flyway.configure()
                    .dataSource(postgres.url(), postgres.user(), postgres.password())
                    .locations("classpath:io/millrace/contract/sql")
                    .failOnMissingLocations(true)
                    .table("millrace_migrations")
                    // The database may hold tables of others; without a baseline Flyway would refuse it.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreSchemaException("the tables at " + postgres.url() + " cannot be migrated", e);
        }
    }
}
