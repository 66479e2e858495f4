package io.millrace.standalone.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Ingest;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What tests let devices do. */
final class MqttCalls {
    private MqttCalls() {}

    static MqttClient connect(Vertx vertx, Ingest door, MqttClientOptions options, Set<Integer> acknowledged) {
        MqttClient client = MqttClient.create(vertx, options.setUsername(DoorStage.WRITE_KEY))
                .publishCompletionHandler(acknowledged::add);
        client.connect(port(door), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return client;
    }

    static int publish(MqttClient client, String topic, String payload, MqttQoS qos) {
        return client.publish(topic, Buffer.buffer(payload), qos, false, false)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** CONNECT of version 3.1.1, keep-alive 60. */
    static Socket device(Ingest door, int number) throws IOException {
        byte[] name = "d%07d".formatted(number).getBytes(StandardCharsets.US_ASCII);
        byte[] key = DoorStage.WRITE_KEY.getBytes(StandardCharsets.US_ASCII);
        Buffer connect = Buffer.buffer()
                .appendByte((byte) 0x10)
                .appendByte((byte) (10 + 2 + name.length + 2 + key.length))
                .appendBytes(new byte[] {0, 4, 'M', 'Q', 'T', 'T', 4, (byte) 0x82, 0, 60, 0, (byte) name.length})
                .appendBytes(name)
                .appendBytes(new byte[] {0, (byte) key.length})
                .appendBytes(key);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(door));
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(connect.getBytes());
        assertThat(new DataInputStream(socket.getInputStream()).readInt()).isEqualTo(0x20020000);
        return socket;
    }

    static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    static int port(Ingest door) {
        return door.mqttPort().orElseThrow();
    }
}
