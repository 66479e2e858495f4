package io.millrace.ingest.receive.mqtt;

import io.millrace.identity.Source;
import io.millrace.ingest.authorize.Authenticator.Verdict;
import io.millrace.ingest.authorize.Authorizer;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.receive.Connections;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.mqtt.MqttEndpoint;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** From CONNECT to CONNACK. Thread-safe. */
final class Greeting {
    private static final int LONGEST_CLIENT_ID = 256;
    private static final int NO = 0;
    /** Bytes of a CONNACK of MQTT 5 with all that it has to say. */
    private static final int WELCOME = 24;
    /** And of the name of a device without one. */
    private static final int ASSIGNED = 39;

    private final Desk desk;

    Greeting(Desk desk) {
        this.desk = desk;
    }

    /** Answers; at once wherever who it is can be told at once. */
    void greet(Context context, MqttEndpoint endpoint, Connections.@Nullable Guest guest, BooleanSupplier isClosing) {
        Dialect dialect = Dialect.of(endpoint);
        if (guest == null) {
            // Gone before it was greeted.
            return;
        }
        guest.stays();
        MqttConnectReturnCode wrong = wrong(endpoint, dialect, isClosing.getAsBoolean());
        if (wrong != null) {
            reject(endpoint, wrong, MqttProperties.NO_PROPERTIES);
            return;
        }
        Credential credential = Credential.of(endpoint.auth());
        CompletionStage<Verdict> verdict = credential.check(desk.authenticator());
        if (verdict.toCompletableFuture().isDone()) {
            greet(
                    context,
                    endpoint,
                    guest,
                    dialect,
                    credential,
                    isClosing,
                    verdict.toCompletableFuture().join());
        } else {
            // Who publishes without waiting for CONNACK has to come again: vertx-mqtt takes nothing before it.
            guest.read(false);
            verdict.whenComplete((found, never) -> context.runOnContext(turn -> {
                guest.read(true);
                greet(context, endpoint, guest, dialect, credential, isClosing, found);
            }));
        }
    }

    private static @Nullable MqttConnectReturnCode wrong(MqttEndpoint endpoint, Dialect dialect, boolean isClosing) {
        if (isClosing) {
            return closing(dialect);
        }
        if (endpoint.clientIdentifier().length() > LONGEST_CLIENT_ID) {
            return dialect.isMqtt5()
                    ? MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID
                    : MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
        }
        if (!dialect.isMqtt5()) {
            return null;
        }
        if (endpoint.connectProperties().getProperty(MqttProperties.AUTHENTICATION_METHOD) != null) {
            return MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD;
        }
        if (!dialect.takes(WELCOME + (endpoint.clientIdentifier().isEmpty() ? ASSIGNED : 0))) {
            return MqttConnectReturnCode.CONNECTION_REFUSED_PACKET_TOO_LARGE;
        }
        return endpoint.will().isWillFlag() && endpoint.will().getWillQos() == MqttQoS.EXACTLY_ONCE.value()
                ? MqttConnectReturnCode.CONNECTION_REFUSED_QOS_NOT_SUPPORTED
                : null;
    }

    private static MqttConnectReturnCode closing(Dialect dialect) {
        return dialect.isMqtt5()
                ? MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
    }

    private void greet(
            Context context,
            MqttEndpoint endpoint,
            Connections.Guest guest,
            Dialect dialect,
            Credential credential,
            BooleanSupplier isClosing,
            Verdict verdict) {
        if (isClosing.getAsBoolean()) {
            // It began to close while it was found out who this is.
            reject(endpoint, closing(dialect), MqttProperties.NO_PROPERTIES);
            return;
        }
        Optional<Problem> denied = verdict instanceof Verdict.Known known
                ? Authorizer.check(known.principal(), desk.operation())
                : Optional.of(((Verdict.Unknown) verdict).problem());
        if (denied.isPresent()) {
            reject(
                    endpoint,
                    dialect.refusal(denied.get()),
                    dialect.reason(denied.get().detail()));
            return;
        }
        Source source =
                Objects.requireNonNull(((Verdict.Known) verdict).principal().source(), "the authorizer checks it");
        String given = endpoint.clientIdentifier();
        String clientId = given.isEmpty() ? UUID.randomUUID().toString() : given;
        Devices.Name name = new Devices.Name(source, clientId);
        // A device without a name of its own cannot come back.
        Deliveries deliveries =
                given.isEmpty() ? new Deliveries() : desk.devices().deliveries(name);
        if (!desk.devices().keep(Device.bytes(endpoint.will()))) {
            reject(
                    endpoint,
                    dialect.isMqtt5()
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED
                            : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                    MqttProperties.NO_PROPERTIES);
            return;
        }
        Device device = new Device(desk, context, endpoint, guest, name, credential, deliveries);
        try {
            device.listen();
        } catch (IllegalArgumentException gone) {
            // It went while it was found out who it is; vertx-mqtt says so with this exception.
            desk.devices().release(Device.bytes(endpoint.will()));
            return;
        }
        boolean goesOn = deliveries.connect(endpoint.isCleanSession(), Dialect.sessionNanos(endpoint));
        Device before = desk.devices().enter(name, device);
        if (before != null) {
            before.takenOver();
        }
        endpoint.accept(goesOn && !dialect.isMqtt31(), welcome(dialect, given, clientId));
        desk.meters().connect(MqttConnectReturnCode.CONNECTION_ACCEPTED);
        if (isClosing.getAsBoolean()) {
            // Whoever closes may have asked who is there before it was.
            device.drain();
        }
    }

    private MqttProperties welcome(Dialect dialect, String given, String clientId) {
        if (!dialect.isMqtt5()) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        put(properties, MqttProperties.RECEIVE_MAXIMUM, desk.config().inFlight());
        put(properties, MqttProperties.MAXIMUM_QOS, MqttQoS.AT_LEAST_ONCE.value());
        put(properties, MqttProperties.MAXIMUM_PACKET_SIZE, desk.config().packetBytes());
        put(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM, Aliases.MOST);
        put(properties, MqttProperties.WILDCARD_SUBSCRIPTION_AVAILABLE, NO);
        put(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, NO);
        put(properties, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE, NO);
        if (given.isEmpty()) {
            properties.add(new StringProperty(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, clientId));
        }
        return properties;
    }

    private static void put(MqttProperties properties, int type, int value) {
        properties.add(new IntegerProperty(type, value));
    }

    private void reject(MqttEndpoint endpoint, MqttConnectReturnCode code, MqttProperties why) {
        desk.meters().connect(code);
        endpoint.reject(code, why);
    }
}
