package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A door whose issuer publishes its keys over HTTP. */
class IssuerDoorTest {
    @Test
    void readsTheBody_whenTheSignatureTookItsTime() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        byte[] set = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, set.length);
            exchange.getResponseBody().write(set);
            exchange.close();
        });
        issuer.start();
        String url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
        try (OpenDoor door = new OpenDoor(Map.of(
                "ingest.jwt.keys-url", url,
                "ingest.jwt.issuer", "https://issuer.example",
                "ingest.jwt.secret", "",
                "ingest.mqtt.enabled", "true",
                "ingest.mqtt.port", "0"))) {
            String ofDevice = signed(key, "producer", "home");
            for (int i = 0; i < 2; i++) {
                assertThat(connect(door, ofDevice)).isZero();
            }
            assertThat(connect(door, signed(key, "analyst", "home"))).isEqualTo(5);
            assertThat(connect(door, ofDevice.substring(0, ofDevice.length() - 4) + "AAAA"))
                    .isEqualTo(4);
            String token = signed(key, "producer", "shop");

            String accepted = post(door, token, "{\"userId\":\"u\",\"name\":\"x\"}");
            String again = post(door, token, "{\"userId\":\"u\",\"name\":\"x\"}");
            String large = post(door, signed(key, "producer", "app"), "x".repeat(2 << 20));

            // No broker is behind this door: it was about to publish what it had read.
            assertThat(accepted).startsWith("HTTP/1.1 503").contains("unavailable");
            assertThat(again).startsWith("HTTP/1.1 503");
            assertThat(large).startsWith("HTTP/1.1 413");
            assertThat(post(door, signed(key, "analyst", "shop"), "{}"))
                    .startsWith("HTTP/1.1 403")
                    .contains("events:write");
            assertThat(post(door, token.substring(0, token.length() - 4) + "AAAA", "{}"))
                    .startsWith("HTTP/1.1 401")
                    .contains("error=\"invalid_token\"");
        } finally {
            issuer.stop(0);
        }
    }

    @Test
    void letsNoDeviceIn_whenItClosesWhileItsTokenIsChecked() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        byte[] set = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        CountDownLatch closing = new CountDownLatch(1);
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(200, set.length);
            exchange.getResponseBody().write(set);
            exchange.close();
        });
        issuer.start();
        OpenDoor door = new OpenDoor(Map.of(
                "ingest.jwt.keys-url", "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys",
                "ingest.jwt.issuer", "https://issuer.example",
                "ingest.jwt.secret", "",
                "ingest.http.event-loops", "1",
                // The test takes as long: of whom it does not read the door does not see that it went.
                "ingest.http.drain", "5s",
                "ingest.mqtt.enabled", "true",
                "ingest.mqtt.port", "0"));
        int port = door.ingest.mqttPort().orElseThrow();
        CompletableFuture<Void> closed;
        try (MqttTalk waiting = new MqttTalk(port, 4);
                MqttTalk late = new MqttTalk(port, 4)) {
            late.send(0x10, late.connect(2, 60, "late", "", signed(key, "producer", "home")));
            // Its message waits for Kafka, and the door for it.
            waiting.connect("waiting", OpenDoor.WRITE_KEY, null);
            waiting.publish(1, 1, "events/x", "{}");
            assertThat(waiting.ping().head()).isEqualTo(MqttTalk.PINGRESP);
            closed = CompletableFuture.runAsync(door::close);
            OpenDoor.until(() -> isClosing(port));
            closing.countDown();

            assertThat(late.read().at(1)).isEqualTo(3);
        } finally {
            issuer.stop(0);
        }
        closed.get(60, TimeUnit.SECONDS);
    }

    private static boolean isClosing(int port) {
        try (MqttTalk talk = new MqttTalk(port, 4)) {
            return talk.connect("another", OpenDoor.WRITE_KEY, null).at(1) == 3;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String signed(ECKey key, String role, String source) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .subject("back-end")
                        .issuer("https://issuer.example")
                        .audience("millrace")
                        .claim("roles", List.of(role))
                        .claim("source", source)
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static String post(OpenDoor door, String token, String body) throws Exception {
        return door.exchange("POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** What a device is answered that has the token as its password. */
    private static int connect(OpenDoor door, String token) throws Exception {
        try (MqttTalk talk = new MqttTalk(door.ingest.mqttPort().orElseThrow(), 4)) {
            return talk.connect("device", "", token).at(1);
        }
    }
}
