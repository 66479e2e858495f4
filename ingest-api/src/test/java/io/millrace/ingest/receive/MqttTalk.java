package io.millrace.ingest.receive;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client of MQTT that says byte by byte what a test wants said. */
final class MqttTalk implements AutoCloseable {
    static final int CONNACK = 0x20;
    static final int PUBACK = 0x40;
    static final int PINGRESP = 0xd0;
    static final int DISCONNECT = 0xe0;

    /**
     * One packet that came.
     *
     * @param head its first byte
     */
    @SuppressWarnings("ArrayRecordComponent") // read by a test and compared by nobody
    record Packet(int head, byte[] body) {
        /** Of CONNACK, DISCONNECT and, in version 5, PUBACK. */
        int at(int index) {
            return body[index] & 0xff;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private static final byte[] NONE = {0};

    private final int version;
    private final Socket socket;
    private final DataInputStream in;

    MqttTalk(int port, int version) throws IOException {
        this.version = version;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** CONNECT, clean, with keep-alive 60, and the answer. */
    Packet connect(String clientId, @Nullable String user, @Nullable String password) throws IOException {
        send(0x10, connect(2, 60, clientId, user, password));
        return read();
    }

    /** The body of CONNECT. */
    byte[] connect(int flags, int keepAlive, String clientId, @Nullable String user, @Nullable String password) {
        return connect(flags, keepAlive, NONE, clientId, user, password);
    }

    /** CONNECT of version 5 with these properties, their length first, and the answer. */
    Packet connect(int flags, byte[] properties, String clientId, String user) throws IOException {
        send(0x10, connect(flags, 60, properties, clientId, user, null));
        return read();
    }

    /** CONNECT, clean, with a will of quality 0 on {@code events/w}, and the answer. */
    Packet connectWithWill(String clientId, String user, String will) throws IOException {
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        named.writeBytes(text(clientId));
        properties(named);
        named.writeBytes(text("events/w"));
        named.writeBytes(text(will));
        byte[] plain = connect(0x06, 60, NONE, "", user, null);
        int at = plain.length - text(user).length;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        // In place of the empty client id.
        body.write(plain, 0, at - 2);
        body.writeBytes(named.toByteArray());
        body.write(plain, at, plain.length - at);
        send(0x10, body.toByteArray());
        return read();
    }

    private byte[] connect(
            int flags,
            int keepAlive,
            byte[] properties,
            String clientId,
            @Nullable String user,
            @Nullable String password) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(text(version == 3 ? "MQIsdp" : "MQTT"));
        body.write(version);
        body.write(flags | (user == null ? 0 : 0x80) | (password == null ? 0 : 0x40));
        number(body, keepAlive);
        if (version == 5) {
            body.writeBytes(properties);
        }
        body.writeBytes(text(clientId));
        if (user != null) {
            body.writeBytes(text(user));
        }
        if (password != null) {
            body.writeBytes(text(password));
        }
        return body.toByteArray();
    }

    void publish(int qos, int packetId, String topic, String payload) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(text(topic));
        if (qos > 0) {
            number(body, packetId);
        }
        properties(body);
        body.writeBytes(payload.getBytes(StandardCharsets.UTF_8));
        send(0x30 | qos << 1, body.toByteArray());
    }

    Packet subscribe(String filter) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, 7);
        properties(body);
        body.writeBytes(text(filter));
        body.write(1);
        send(0x82, body.toByteArray());
        return read();
    }

    Packet unsubscribe(String filter) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, 8);
        properties(body);
        body.writeBytes(text(filter));
        send(0xa2, body.toByteArray());
        return read();
    }

    Packet ping() throws IOException {
        send(0xc0, new byte[0]);
        return read();
    }

    void send(int head, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(head);
        int length = body.length;
        do {
            packet.write(length % 128 | (length >= 128 ? 0x80 : 0));
            length /= 128;
        } while (length > 0);
        packet.writeBytes(body);
        socket.getOutputStream().write(packet.toByteArray());
    }

    void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    Packet read() throws IOException {
        int head = in.readUnsignedByte();
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.readUnsignedByte();
            length |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return new Packet(head, in.readNBytes(length));
            }
        }
    }

    /** What comes until the door closes the connection. */
    byte[] rest() {
        try {
            return in.readAllBytes();
        } catch (IOException reset) {
            return new byte[0];
        }
    }

    static byte[] text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        number(text, utf8.length);
        text.writeBytes(utf8);
        return text.toByteArray();
    }

    private void properties(ByteArrayOutputStream body) {
        if (version == 5) {
            body.write(0);
        }
    }

    private static void number(ByteArrayOutputStream to, int value) {
        to.write(value >> 8);
        to.write(value);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
