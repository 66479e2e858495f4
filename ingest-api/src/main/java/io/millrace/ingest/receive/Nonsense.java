package io.millrace.ingest.receive;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection whose first bytes are nothing that its server reads, as those of a port scan are. vertx-mqtt tells the
 * whole pipeline of them, and Vert.x would log an error for each. Where somebody listens for errors, they go on.
 */
final class Nonsense extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Nonsense.class);

    private final Connections.@Nullable Guest guest;

    Nonsense(Connections.@Nullable Guest guest) {
        this.guest = guest;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException) && (guest == null || !guest.isStaying())) {
            LOG.atDebug()
                    .addKeyValue("cause", cause.getMessage())
                    .log("A connection is cut: it does not speak the protocol");
            var unused = context.close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
