package io.millrace.config;

import java.util.Objects;

/**
 * Where PostgreSQL is and who we are there.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:port/database}
 * @param user the role; empty for the driver's default
 * @param password a secret: it is in no message
 */
public record PostgresLogin(String url, String user, String password) {
    public PostgresLogin {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    public static PostgresLogin from(Settings settings) {
        return new PostgresLogin(
                settings.get(SharedKeys.POSTGRES_URL),
                settings.get(SharedKeys.POSTGRES_USER),
                settings.get(SharedKeys.POSTGRES_PASSWORD));
    }

    @Override
    public String toString() {
        return "PostgresLogin[" + url + ", " + user + "]";
    }
}
