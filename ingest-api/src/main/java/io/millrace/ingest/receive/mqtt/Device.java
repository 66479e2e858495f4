package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.mqtt.Published;
import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.receive.Connections;
import io.millrace.ingest.receive.mqtt.MqttMeters.Fate;
import io.millrace.log.Ration;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttWill;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connected device: what it publishes becomes events, and is acknowledged when they are on the broker. Belongs to one event loop. */
final class Device implements Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Device.class);
    private static final Ration RATION = new Ration(5);
    /** Where brokers tell of themselves; a bridge does so without being asked. */
    private static final String OF_BROKERS = "$SYS/";

    private final Desk desk;
    private final Context context;
    private final MqttEndpoint endpoint;
    private final Connections.Guest guest;
    private final Devices.Name name;
    private final Deliveries deliveries;
    private final Dialect dialect;
    private final Aliases aliases = new Aliases();
    private final Inflow inflow;
    private final @Nullable MqttWill will;
    private boolean isFarewell;
    private boolean isRetainTold;
    private boolean isClosing;

    Device(
            Desk desk,
            Context context,
            MqttEndpoint endpoint,
            Connections.Guest guest,
            Devices.Name name,
            Credential credential,
            Deliveries deliveries) {
        this.desk = desk;
        this.context = context;
        this.endpoint = endpoint;
        this.guest = guest;
        this.name = name;
        this.deliveries = deliveries;
        this.dialect = Dialect.of(endpoint);
        this.inflow = new Inflow(desk, context, credential, this);
        MqttWill given = endpoint.will();
        this.will = given != null && given.isWillFlag() ? given : null;
    }

    /** From now on it is heard; CONNACK comes next. */
    void listen() {
        endpoint.publishHandler(this::publish)
                .publishReleaseHandler(endpoint::publishComplete)
                .subscribeHandler(request -> dialect.refuse(endpoint, request))
                .unsubscribeHandler(request -> dialect.answer(endpoint, request))
                .disconnectMessageHandler(this::farewell)
                .exceptionHandler(this::malformed)
                .closeHandler(closed -> gone());
    }

    private void farewell(MqttDisconnectMessage goodbye) {
        isFarewell = goodbye.code() == MqttDisconnectReasonCode.NORMAL;
        Dialect.sessionNanos(goodbye.properties()).ifPresent(deliveries::keep);
    }

    /** Its name is another's now. */
    void takenOver() {
        context.runOnContext(turn -> disconnect(MqttDisconnectReasonCode.SESSION_TAKEN_OVER));
    }

    /** Reads no more of it, and sends it away when nothing is in flight; its will is for a device that is lost. */
    void drain() {
        context.runOnContext(turn -> {
            isClosing = true;
            guest.read(false);
            leaveWhenIdle();
        });
    }

    private void leaveWhenIdle() {
        if (isClosing && inflow.isIdle() && endpoint.isConnected()) {
            isFarewell = true;
            disconnect(MqttDisconnectReasonCode.SERVER_SHUTTING_DOWN);
        }
    }

    private void publish(MqttPublishMessage published) {
        String topic = aliases.topic(published);
        if (topic == null) {
            disconnect(MqttDisconnectReasonCode.TOPIC_ALIAS_INVALID);
            return;
        }
        if (published.qosLevel() == MqttQoS.EXACTLY_ONCE && dialect.isMqtt5()) {
            disconnect(MqttDisconnectReasonCode.QOS_NOT_SUPPORTED);
            return;
        }
        tellOfRetain(published.isRetain(), topic);
        byte[] payload = published.payload().getBytes();
        String id = dialect.idOf(published.properties());
        if (id == null) {
            id = published.qosLevel() == MqttQoS.AT_MOST_ONCE
                    ? deliveries.once()
                    : deliveries.id(published.messageId(), published.isDup(), topic, payload);
        }
        take(published.messageId(), published.qosLevel(), false, new Published(name.clientId(), topic, payload, id));
    }

    private void take(int packetId, MqttQoS qos, boolean isWill, Published published) {
        boolean isKnown = desk.adapter().knows(published.topic());
        if (!isKnown && published.topic().startsWith(OF_BROKERS)) {
            ignore(new Message(packetId, qos, isWill, true, null, 0));
            return;
        }
        Candidate candidate = desk.adapter().read(published);
        int bytes = published.payload().length;
        if (candidate instanceof Candidate.Translated translated) {
            bytes += translated.event().length;
        }
        inflow.take(new Message(packetId, qos, isWill, isKnown, candidate, bytes));
    }

    /** Nobody's event; but what is acknowledged is so in the order in which it came (MQTT-4.6.0-2). */
    private void ignore(Message message) {
        desk.meters().message(Fate.IGNORED);
        if (message.isPromised()) {
            inflow.take(message);
        }
    }

    @Override
    public void acknowledge(Message message, @Nullable Refusal refusal) {
        if (message.isPromised() && endpoint.isConnected()) {
            if (message.qos() == MqttQoS.EXACTLY_ONCE) {
                endpoint.publishReceived(message.packetId());
            } else if (refusal == null || !dialect.isMqtt5()) {
                endpoint.publishAcknowledge(message.packetId());
            } else {
                endpoint.publishAcknowledge(
                        message.packetId(),
                        message.isTopicKnown()
                                ? MqttPubAckReasonCode.PAYLOAD_FORMAT_INVALID
                                : MqttPubAckReasonCode.TOPIC_NAME_INVALID,
                        dialect.reason(refusal.reason().code() + ": " + refusal.detail()));
            }
        }
        context.runOnContext(turn -> leaveWhenIdle());
    }

    @Override
    public void read(boolean more) {
        guest.read(more && !isClosing);
    }

    @Override
    public void dismiss(@Nullable Problem problem) {
        if (problem != null && RATION.take()) {
            LOG.atInfo()
                    .addKeyValue("source", name.source().name())
                    .addKeyValue("client_id", Refusal.shorten(name.clientId()))
                    .addKeyValue("reason", problem.detail())
                    .log("A device's credential is no longer good: it is disconnected");
        }
        disconnect(
                problem == null ? MqttDisconnectReasonCode.UNSPECIFIED_ERROR : MqttDisconnectReasonCode.NOT_AUTHORIZED);
    }

    @Override
    public void sendAway() {
        if (RATION.take()) {
            LOG.atWarn()
                    .addKeyValue("source", name.source().name())
                    .addKeyValue("client_id", Refusal.shorten(name.clientId()))
                    .log(
                            "Messages that wait for Kafka fill the memory that is for them: a device is disconnected, and has"
                                    + " to send again");
        }
        disconnect(MqttDisconnectReasonCode.SERVER_BUSY);
    }

    /** Nothing is kept for subscribers, because there are none. */
    private void tellOfRetain(boolean isRetain, String topic) {
        if (isRetain && !isRetainTold) {
            isRetainTold = true;
            if (RATION.take()) {
                LOG.atInfo()
                        .addKeyValue("source", name.source().name())
                        .addKeyValue("client_id", Refusal.shorten(name.clientId()))
                        .addKeyValue("topic", Refusal.shorten(topic))
                        .log("Retain is ignored: the message is an event like any other, and kept for nobody");
            }
        }
    }

    private void malformed(Throwable cause) {
        if (endpoint.isConnected()) {
            disconnect(
                    cause instanceof TooLongFrameException
                            ? MqttDisconnectReasonCode.PACKET_TOO_LARGE
                            : MqttDisconnectReasonCode.MALFORMED_PACKET);
        }
    }

    /** A client of MQTT 5 is told why; to others the connection ends. */
    private void disconnect(MqttDisconnectReasonCode code) {
        if (endpoint.isConnected()) {
            desk.meters().disconnect(code);
            endpoint.disconnect(code, MqttProperties.NO_PROPERTIES);
        }
    }

    /** Bytes of a will; of none where there is none. */
    static int bytes(@Nullable MqttWill will) {
        return will == null || !will.isWillFlag()
                ? 0
                : will.getWillTopic().length() + will.getWillMessage().length();
    }

    private void gone() {
        desk.devices().leave(name, this);
        desk.devices().release(bytes(will));
        deliveries.disconnect();
        // Of a device that was not read nobody knows whether it was silent.
        if (will != null && !isFarewell && !isClosing && !inflow.isPaused()) {
            tellOfRetain(will.isWillRetain(), will.getWillTopic());
            String id = dialect.idOf(will.getWillProperties());
            take(
                    0,
                    MqttQoS.AT_MOST_ONCE,
                    true,
                    new Published(
                            name.clientId(),
                            will.getWillTopic(),
                            will.getWillMessageBytes(),
                            id == null ? deliveries.once() : id));
        }
        inflow.end();
    }
}
