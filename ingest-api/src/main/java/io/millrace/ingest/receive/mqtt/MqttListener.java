package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.receive.Connections;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server for devices on one event loop. */
final class MqttListener extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(MqttListener.class);
    /** Names the free port that the listeners of one Vert.x share. */
    private static final int FREE_PORT = -1;

    private static final int BACKLOG = 4_096;
    private static final int HANDSHAKE_SECONDS = 10;
    /** Longer ones than the greeting takes are refused by it, in a way that a client understands. */
    private static final int LONGEST_CLIENT_ID = 65_535;

    private final Desk desk;
    private final Connections connections;
    private final @Nullable KeyCertOptions certificate;
    private final Greeting greeting;
    private volatile @Nullable MqttServer server;
    private volatile boolean isClosing;

    MqttListener(Desk desk, Connections connections, @Nullable KeyCertOptions certificate) {
        this.desk = desk;
        this.connections = connections;
        this.certificate = certificate;
        this.greeting = new Greeting(desk);
    }

    @Override
    public Future<?> start() {
        // What is no MQTT ends its connection; vertx-mqtt throws from a handler to say so.
        context.exceptionHandler(nonsense -> LOG.atDebug().setCause(nonsense).log("A device's connection is cut"));
        MqttServer listening = MqttServer.create(vertx, options()).endpointHandler(this::greet);
        server = listening;
        MqttConfig config = desk.config();
        return listening.listen(config.port() == 0 ? FREE_PORT : config.port(), config.host());
    }

    private MqttServerOptions options() {
        MqttServerOptions options = new MqttServerOptions()
                .setMaxMessageSize(desk.config().packetBytes())
                .setMaxClientIdLength(LONGEST_CLIENT_ID)
                .setAutoClientId(false);
        options.setAcceptBacklog(BACKLOG)
                // For devices that ask for no keep-alive.
                .setTcpKeepAlive(true);
        if (certificate != null) {
            options.setKeyCertOptions(certificate)
                    .setSsl(true)
                    .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                    .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        }
        return options;
    }

    private void greet(MqttEndpoint endpoint) {
        if (endpoint.clientIdentifier() == null) {
            endpoint.setClientIdentifier("");
        }
        greeting.greet(context, endpoint, connections.guest(endpoint.remoteAddress()), () -> isClosing);
    }

    /** The port it listens on, once it started. */
    int port() {
        return Objects.requireNonNull(server, "a port comes with the start").actualPort();
    }

    /** Lets nobody in from now on. */
    void closing() {
        isClosing = true;
    }

    @Override
    public Future<?> stop() {
        return Objects.requireNonNull(server, "stop comes after start").close();
    }
}
