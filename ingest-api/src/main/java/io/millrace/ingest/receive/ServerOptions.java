package io.millrace.ingest.receive;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How Vert.x serves HTTP/1.1 and HTTP/2 on one port: in the clear by what the client begins with, under TLS by ALPN. */
final class ServerOptions {
    /** Of a connection that is not accepted yet, in the kernel. */
    private static final int BACKLOG = 4_096;

    static final int LONGEST_REQUEST_LINE = 8 * 1024;
    static final int LONGEST_HEADERS = 16 * 1024;

    /** Streams that one HTTP/2 connection has open at once; the door's bounds on requests and bytes hold beside it. */
    static final int STREAMS = 128;

    /** More resets than this within the window, and the connection is closed (CVE-2023-44487). */
    static final int RESETS = 200;

    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int CONTINUATIONS = 16;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

    private static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

    private ServerOptions() {}

    static HttpServerOptions of(HttpConfig config, @Nullable PemKeyCertOptions certificate) {
        HttpServerOptions options = new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(config.idle().toMillis()))
                .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setHttp2ClearTextEnabled(true)
                .setInitialSettings(new Http2Settings()
                        .setPushEnabled(false)
                        .setMaxConcurrentStreams(STREAMS)
                        .setMaxHeaderListSize(LONGEST_HEADERS))
                .setHttp2RstFloodMaxRstFramePerWindow(RESETS)
                .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setHttp2MaxSmallContinuationFrames(CONTINUATIONS);
        return certificate == null
                ? options
                : options.setSsl(true)
                        .setUseAlpn(true)
                        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                        .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                        .setKeyCertOptions(certificate);
    }

    /** What {@link #of} says of TLS, with another certificate. */
    static ServerSSLOptions renewed(PemKeyCertOptions certificate) {
        return new ServerSSLOptions()
                .setUseAlpn(true)
                .setApplicationLayerProtocols(PROTOCOLS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                .setKeyCertOptions(certificate);
    }
}
