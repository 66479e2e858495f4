package io.millrace.ingest.receive;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Leaves a client that began with HTTP/1.1 there. Java's own client asks for HTTP/2 in the clear by an Upgrade header
 * (RFC 7540, section 3.2, which RFC 9113 dropped), and would then fail over {@link ServerOptions#STREAMS} requests at once,
 * and lose its answers to a closing door's GOAWAY. Vert.x takes such an upgrade wherever HTTP/2 by prior knowledge is on,
 * which gRPC needs; a server may ignore it (RFC 9110, section 7.8), so the header goes before Vert.x sees it.
 *
 * <p>The first bytes go on alone, because Vert.x builds the connection's pipeline when it sees them.
 */
final class UpgradeIgnored extends ChannelInboundHandlerAdapter {
    /** So many tell HTTP/1.1 from the preface of HTTP/2, which begins with PRI. */
    private static final int TELLING = 3;

    private static final String UPGRADER = "Http1xUpgradeToH2CHandler";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes) || bytes.readableBytes() <= TELLING || isHttp2(bytes)) {
            // Fewer bytes are no head of a client in earnest; an upgrade is no danger, only a nuisance.
            context.pipeline().remove(this);
            context.fireChannelRead(message);
            return;
        }
        context.fireChannelRead(bytes.readRetainedSlice(TELLING));
        for (var handler : context.pipeline()) {
            if (handler.getValue().getClass().getSimpleName().equals(UPGRADER)) {
                context.pipeline().addBefore(handler.getKey(), null, new Stripper());
                break;
            }
        }
        context.pipeline().remove(this);
        context.fireChannelRead(bytes);
    }

    private static boolean isHttp2(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.getByte(at) == 'P' && bytes.getByte(at + 1) == 'R' && bytes.getByte(at + 2) == 'I';
    }

    /** Looks at each request's head: Vert.x would begin the answer with whatever version a client made up. */
    private static final class Stripper extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
                HttpVersion version = request.protocolVersion();
                if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
                    request.setProtocolVersion(HttpVersion.HTTP_1_1);
                    request.setDecoderResult(DecoderResult.failure(
                            new IllegalArgumentException("version " + version + ": expected HTTP/1.1")));
                }
            }
            context.fireChannelRead(message);
        }
    }
}
