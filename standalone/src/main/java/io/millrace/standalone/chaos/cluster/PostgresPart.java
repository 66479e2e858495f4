package io.millrace.standalone.chaos.cluster;

import io.millrace.standalone.embedded.EmbeddedPostgres;
import io.millrace.standalone.embedded.StartFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The database: its postmaster and what that starts. */
final class PostgresPart extends Part {
    private static final int LOGIN_SECONDS = 2;

    private final Path folder;
    private final int port;
    private final String password;
    private volatile @Nullable EmbeddedPostgres postgres;

    PostgresPart(Path folder, int port, String password) {
        super("postgres");
        this.folder = folder;
        this.port = port;
        this.password = password;
    }

    /** Waits until it has recovered, as its program does. */
    @Override
    void launch() throws IOException {
        try {
            postgres = EmbeddedPostgres.start(folder, port, password);
        } catch (StartFailedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    void destroy() throws IOException {
        EmbeddedPostgres running = postgres;
        if (running != null) {
            running.kill();
        }
    }

    @Override
    boolean end(Duration patience) {
        EmbeddedPostgres running = postgres;
        if (running != null) {
            running.close();
        }
        return true;
    }

    @Override
    void signal(String signal) throws IOException, InterruptedException {
        EmbeddedPostgres running = postgres;
        if (running != null) {
            Signals.send(
                    signal,
                    running.process().stream()
                            .flatMap(master -> Stream.concat(Stream.of(master), master.descendants()))
                            .map(ProcessHandle::pid)
                            .toList());
        }
    }

    @Override
    public boolean isAlive() {
        EmbeddedPostgres running = postgres;
        try {
            return running != null && running.process().isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isReady() {
        EmbeddedPostgres running = postgres;
        if (running == null || !isAlive()) {
            return false;
        }
        try (Connection connection = running.connect()) {
            return connection.isValid(LOGIN_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }
}
