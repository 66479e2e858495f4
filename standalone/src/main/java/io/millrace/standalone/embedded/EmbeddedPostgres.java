package io.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The PostgreSQL server of a standalone Millrace: processes of their own, started from binaries that come as a Maven
 * artifact, on the loopback address, durable (fsync, synchronous commit and full page writes are on). The data folder is
 * kept. A server that a killed Millrace left behind is stopped at the next start, which then recovers from its log.
 *
 * <p>Thread-safe once started; whoever starts it closes it, after the clients.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String USER = "millrace";
    private static final String DATABASE = "millrace";
    private static final String INVALID_PASSWORD = "28P01";

    private final Postmaster postmaster;
    private final int port;
    private final String password;

    private EmbeddedPostgres(Postmaster postmaster, int port, String password) {
        this.postmaster = postmaster;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts the server and returns once the database takes connections; a new data folder is initialised first.
     *
     * @param dataDir holds the cluster and postgres.log
     * @param port 0 for a free one
     * @param password of the user; the one that the data folder was initialised with
     * @throws StartFailedException if the port is taken, the data is of another major version, or the server fails
     */
    public static EmbeddedPostgres start(Path dataDir, int port, String password) {
        Path folder = dataDir.toAbsolutePath();
        try {
            Files.createDirectories(folder);
            Path cluster = folder.resolve("cluster");
            Programs programs = new Programs(PostgresBinaries.unpacked());
            if (Files.exists(cluster)) {
                refuseOtherMajorVersion(cluster, programs);
            } else {
                initialise(programs, cluster, password);
            }
            Postmaster postmaster = new Postmaster(programs, cluster);
            postmaster.stopLeftover();
            int taken = Ports.claim(port, "PostgreSQL", "--postgres-port");
            postmaster.start(folder.resolve("postgres.log"), options(taken));
            EmbeddedPostgres postgres = new EmbeddedPostgres(postmaster, taken, password);
            try {
                postgres.createDatabase(cluster);
            } catch (RuntimeException e) {
                postgres.close();
                throw e;
            }
            return postgres;
        } catch (IOException e) {
            throw new StartFailedException(
                    "PostgreSQL cannot use its data folder " + folder + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return port;
    }

    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** A new connection to the database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), USER, password);
    }

    /** The server's first process; empty where it does not run. */
    public Optional<ProcessHandle> process() throws IOException {
        return postmaster.running();
    }

    /** Kills the server and every session at once, as a crash would; {@link #start} on the same data recovers. */
    public void kill() throws IOException {
        postmaster.kill();
    }

    /** Ends the sessions, writes a checkpoint and stops. */
    @Override
    public void close() {
        try {
            postmaster.stop();
        } catch (IOException e) {
            throw new StartFailedException(
                    "PostgreSQL on port " + port + " could not be stopped: " + e.getMessage(), e);
        }
    }

    private void createDatabase(Path cluster) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), USER, password);
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet rows =
                    statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                exists = rows.next();
            }
            if (!exists) {
                statement.executeUpdate("CREATE DATABASE " + DATABASE);
            }
        } catch (SQLException e) {
            String problem = INVALID_PASSWORD.equals(e.getSQLState())
                    ? "was initialised with another password"
                    : "does not answer: " + e.getMessage();
            throw new StartFailedException("The PostgreSQL data in " + cluster + " " + problem + ".", e);
        }
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/" + database;
    }

    private static void refuseOtherMajorVersion(Path cluster, Programs programs) throws IOException {
        String written = Files.readString(cluster.resolve("PG_VERSION"), StandardCharsets.UTF_8)
                .strip();
        String printed = programs.run("postgres", List.of("--version"));
        String running = printed.substring(printed.lastIndexOf(' ') + 1);
        if (Release.parse(written).major() != Release.parse(running).major()) {
            throw new StartFailedException("The data in " + cluster + " is of PostgreSQL " + written
                    + ", this Millrace brings PostgreSQL " + running
                    + ": dump and restore it with those two versions, or give another --data folder.");
        }
    }

    // Into a folder beside it, renamed when done: a start that is cut off leaves nothing that looks like a cluster.
    private static void initialise(Programs programs, Path cluster, String password) throws IOException {
        Path partial = cluster.resolveSibling("cluster.partial");
        Folders.delete(partial);
        Path secret = Files.createTempFile(
                cluster.getParent(),
                "password",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(secret, password);
            programs.run(
                    "initdb",
                    List.of(
                            "--pgdata=" + partial,
                            "--username=" + USER,
                            "--pwfile=" + secret,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C"));
        } finally {
            Files.delete(secret);
        }
        Files.move(partial, cluster);
    }

    private static List<String> options(int port) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("port", Integer.toString(port));
        settings.put("listen_addresses", Ports.LOOPBACK);
        // TCP only: a socket in a shared folder would be one more door.
        settings.put("unix_socket_directories", "");
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("max_connections", "60");
        // With PostgreSQL's own 128 MB and 1 GB a writer at full speed pushes its indexes' pages out again and again
        // and is at a
        // checkpoint most of the time: a third more CPU a row (docs/decisions/0048).
        settings.put("shared_buffers", "256MB");
        settings.put("max_wal_size", "2GB");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        List<String> options = new ArrayList<>();
        settings.forEach((name, value) -> options.add("-c " + name + "=" + value));
        return options;
    }
}
