package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTP/2 in the clear, as gRPC speaks it: by prior knowledge, on the port of HTTP/1.1. */
class Http2Test {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_HEADERS = 4;

    private static OpenDoor door;
    private static Vertx vertx;
    private static HttpClient client;

    @BeforeAll
    static void open() {
        door = new OpenDoor(Map.of("ingest.http.body-deadline", "700ms", "ingest.http.body-bytes", "100000"));
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(1));
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        door.close();
    }

    @Test
    void answers_whenTheClientBeginsWithHttp2() throws Exception {
        // On the client's event loop throughout: a body that arrives before somebody asks for it is lost.
        Promise<String> answer = Promise.promise();
        vertx.runOnContext(ignored -> request("/healthz")
                .compose(HttpClientRequest::send)
                .compose(response ->
                        response.body().map(body -> response.version() + " " + response.statusCode() + " " + body))
                .onComplete(answer));

        assertThat(await(answer.future())).startsWith("HTTP_2 200").contains("ok");
    }

    @Test
    void staysWithHttp1_whenTheClientAsksForAnUpgrade() throws Exception {
        java.net.http.HttpClient upgrading = java.net.http.HttpClient.newHttpClient();
        HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.ingest.port() + "/healthz"))
                .build();

        HttpResponse<String> answer = upgrading.send(get, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void resetsTheStreamAlone_whenItsBodyIsLate() throws Exception {
        HttpClientRequest late = await(request("/v1/events"));
        late.setMethod(HttpMethod.POST)
                .putHeader("authorization", OpenDoor.BASIC)
                .putHeader("content-type", "application/json")
                .putHeader("content-length", "100");
        CompletableFuture<Throwable> reset = new CompletableFuture<>();
        late.exceptionHandler(reset::complete);
        late.response().onSuccess(response -> response.exceptionHandler(reset::complete));
        late.write(Buffer.buffer("{"));

        HttpClientResponse answer = await(late.response());

        assertThat(answer.statusCode()).isEqualTo(408);
        assertThat(reset.get(60, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
        // Not a ping: the client may miss a pong that comes before it listens for it.
        HttpClientRequest next = await(request("/healthz"));
        assertThat(next.connection()).isSameAs(late.connection());
        assertThat(await(next.send()).statusCode()).isEqualTo(200);
    }

    @Test
    void limitsTheBody_whenItComesByHttp2() throws Exception {
        HttpClientRequest post = await(request("/v1/events"));
        post.setMethod(HttpMethod.POST)
                .putHeader("authorization", OpenDoor.BASIC)
                .putHeader("content-type", "application/json");

        HttpClientResponse answer = await(post.send(Buffer.buffer(new byte[200_000])));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void closesTheConnection_whenStreamsAreResetOneAfterTheOther() throws Exception {
        try (Socket socket = door.connect()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(PREFACE);
            frame(out, SETTINGS, 0, 0, new byte[0]);
            CompletableFuture<Boolean> away = goesAway(socket);
            try {
                for (int stream = 1; stream < 20_000; stream += 2) {
                    frame(out, HEADERS, END_HEADERS, stream, head("/v1/events", 0));
                    frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                }
            } catch (IOException closed) {
                // As it should be.
            }
            assertThat(away.get(60, TimeUnit.SECONDS)).isTrue();
        }
        OpenDoor.until(() -> door.metric("millrace_ingest_inflight_requests") == 0);
    }

    @Test
    void takesNoMoreStreamsThanItSays() throws Exception {
        int most = ServerOptions.STREAMS;
        try (Socket socket = door.connect()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(PREFACE);
            frame(out, SETTINGS, 0, 0, new byte[0]);
            for (int i = 0; i < most + 10; i++) {
                frame(out, HEADERS, END_HEADERS, 2 * i + 1, head("/v1/events", 0));
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int refused = 0;
            while (refused < 10) {
                Frame frame = Frame.read(in);
                // The rest is answered: without a credential, 401.
                if (frame.type == RST_STREAM && frame.stream > 2 * most) {
                    refused++;
                }
                assertThat(frame.type).isNotEqualTo(GOAWAY);
            }
        }
    }

    @Test
    void refusesTheStream_whenItsHeadersAreTooMany() throws Exception {
        try (Socket socket = door.connect()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write(PREFACE);
            frame(out, SETTINGS, 0, 0, new byte[0]);
            // Each header is one byte that stands for a hundred: a bomb within one frame.
            frame(out, HEADERS, END_HEADERS, 1, head("/healthz", 10_000));

            assertThat(goesAwayOrRefuses(socket)).isTrue();
        }
        assertThat(await(request("/healthz").compose(HttpClientRequest::send)).statusCode())
                .isEqualTo(200);
    }

    /** :method POST, :scheme http, :path, :authority, and one header of a hundred bytes so many times. */
    private static byte[] head(String path, int bombs) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(0x83);
        head.write(0x86);
        literal(head, 0x04, path);
        literal(head, 0x01, "x");
        if (bombs > 0) {
            head.write(0x40);
            text(head, "x-bomb");
            text(head, "b".repeat(100));
            for (int i = 0; i < bombs; i++) {
                head.write(0xbe);
            }
        }
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream head, int index, String value) {
        head.write(index);
        text(head, value);
    }

    private static void text(ByteArrayOutputStream head, String value) {
        head.write(value.length());
        head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    private record Frame(int type, int stream) {
        static Frame read(DataInputStream in) throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readUnsignedByte();
            int stream = in.readInt();
            in.skipNBytes(length);
            return new Frame(type, stream);
        }
    }

    private static CompletableFuture<Boolean> goesAway(Socket socket) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                while (Frame.read(in).type != GOAWAY) {
                    // Answers to what was not reset fast enough.
                }
                return true;
            } catch (IOException closed) {
                return true;
            }
        });
    }

    private static boolean goesAwayOrRefuses(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            Frame frame = Frame.read(in);
            if (frame.type == GOAWAY || frame.type == RST_STREAM) {
                return true;
            }
            // A header frame may answer 431; data never comes.
            assertThat(frame.type).isNotEqualTo(DATA);
        }
    }

    private static Future<HttpClientRequest> request(String path) {
        return client.request(HttpMethod.GET, door.ingest.port(), "127.0.0.1", path);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
