package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.grpc.v1.PublishRequest;
import io.millrace.grpc.v1.PublishResponse;
import io.millrace.ingest.IngestFailedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.client.InvalidStatusException;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A door that speaks TLS itself. */
class TlsTest {
    private static final ServiceMethod<HealthCheckResponse, HealthCheckRequest> HEALTH = ServiceMethod.client(
            ServiceName.create("grpc.health.v1.Health"),
            "Check",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(HealthCheckResponse.getDefaultInstance()));
    private static final ServiceMethod<PublishResponse, PublishRequest> PUBLISH = ServiceMethod.client(
            ServiceName.create("millrace.v1.EventService"),
            "Publish",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(PublishResponse.getDefaultInstance()));

    @Test
    void speaksHttp2AndHttp1OverTls_andTakesANewCertificateWithoutARestart(@TempDir Path folder) throws Exception {
        Tls files = new Tls(folder.resolve("door.crt"), folder.resolve("door.key"));
        TestCertificate first = new TestCertificate(folder, "first", "RSA");
        TestCertificate second = new TestCertificate(folder, "second", "EC");
        first.write(files);
        try (OpenDoor door = new OpenDoor(settings(files))) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> answer = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(trusting(first.certificate))
                        .build()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create("https://localhost:" + door.ingest.port() + "/healthz"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("strict-transport-security"))
                        .hasValue("max-age=31536000");
            }

            assertThat(plain(door)).doesNotContain("200");
            assertThat(shown(door.ingest.port(), first.certificate, "TLSv1.2")).isEqualTo(first.certificate);
            int ofDevices = door.ingest.mqttPort().orElseThrow();
            assertThat(shown(ofDevices, first.certificate, "TLSv1.2")).isEqualTo(first.certificate);

            second.write(files);
            OpenDoor.until(() -> isShown(door.ingest.port(), second.certificate));
            OpenDoor.until(() -> isShown(ofDevices, second.certificate));
        }
    }

    @Test
    void speaksGrpcOverTls(@TempDir Path folder) throws Exception {
        Tls files = new Tls(folder.resolve("door.crt"), folder.resolve("door.key"));
        new TestCertificate(folder, "door", "EC").write(files);
        Vertx vertx = Vertx.vertx();
        try (OpenDoor door = new OpenDoor(settings(files))) {
            GrpcClient client = GrpcClient.client(
                    vertx,
                    new HttpClientOptions()
                            .setSsl(true)
                            .setUseAlpn(true)
                            .setTrustOptions(new PemTrustOptions()
                                    .addCertPath(files.certificate().toString())));
            SocketAddress address = SocketAddress.inetSocketAddress(door.ingest.port(), "localhost");

            HealthCheckResponse health = await(client.request(address, HEALTH)
                    .compose(call -> call.send(HealthCheckRequest.getDefaultInstance()))
                    .compose(GrpcClientResponse::last));
            Future<PublishResponse> refused = client.request(address, PUBLISH)
                    .compose(call -> call.send(PublishRequest.getDefaultInstance()))
                    .compose(GrpcClientResponse::last);

            // Nobody is behind this door.
            assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.NOT_SERVING);
            assertThatThrownBy(() -> await(refused))
                    .hasCauseInstanceOf(InvalidStatusException.class)
                    .hasMessageContaining("actual:UNAUTHENTICATED");
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void keepsItsCertificate_whenTheNewFilesCannotBeUsed(@TempDir Path folder) throws Exception {
        Tls files = new Tls(folder.resolve("door.crt"), folder.resolve("door.key"));
        new TestCertificate(folder, "first", "EC").write(files);
        TestCertificate second = new TestCertificate(folder, "second", "EC");
        AtomicInteger renewed = new AtomicInteger();
        Vertx vertx = Vertx.vertx();
        try (CertificateWatch watch =
                new CertificateWatch(vertx, files, Certificate.read(vertx, files), 20, renewal -> {
                    renewed.incrementAndGet();
                    return Future.succeededFuture(true);
                })) {
            TestCertificate.replace(files.certificate(), "no certificate");
            OpenDoor.until(() -> watch.complaint().contains("in PEM"));
            second.writeCertificateAlone(files);
            OpenDoor.until(() -> watch.complaint().contains("another certificate's"));
            assertThat(renewed).hasValue(0);

            second.write(files);
            OpenDoor.until(() -> renewed.get() == 1);
            OpenDoor.until(() -> watch.complaint().isEmpty());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    @Test
    void doesNotStart_whenTheFilesAreNoPair(@TempDir Path folder) throws Exception {
        Tls files = new Tls(folder.resolve("door.crt"), folder.resolve("door.key"));
        assertThatThrownBy(() -> new OpenDoor(settings(files)).close())
                .isInstanceOf(IngestFailedException.class)
                .hasMessageContaining("door.crt");

        new TestCertificate(folder, "first", "RSA").write(files);
        new TestCertificate(folder, "second", "RSA").writeCertificateAlone(files);
        assertThatThrownBy(() -> new OpenDoor(settings(files)).close())
                .isInstanceOf(IngestFailedException.class)
                .hasMessageContaining("another certificate's");

        TestCertificate.replace(
                files.key(), "-----BEGIN PRIVATE KEY-----\nVGhlU2VjcmV0SXRzZWxm\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> new OpenDoor(settings(files)).close())
                .isInstanceOf(IngestFailedException.class)
                .hasMessageContaining("in PEM")
                .hasMessageNotContaining("VGhlU2Vj");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static Map<String, String> settings(Tls files) {
        return Map.of(
                "ingest.mqtt.enabled",
                "true",
                "ingest.mqtt.port",
                "0",
                "ingest.http.tls.certificate",
                files.certificate().toString(),
                "ingest.http.tls.key",
                files.key().toString());
    }

    private static String plain(OpenDoor door) {
        try (Socket socket = door.connect()) {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException closed) {
            return "";
        }
    }

    private static boolean isShown(int port, X509Certificate certificate) {
        try {
            return shown(port, certificate, "TLSv1.3").equals(certificate);
        } catch (SSLException stillTheOther) {
            return false;
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static X509Certificate shown(int port, X509Certificate trusted, String protocol) throws Exception {
        try (SSLSocket socket = (SSLSocket) trusting(trusted).getSocketFactory().createSocket("localhost", port)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLContext trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("door", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
