package io.millrace.standalone.chaos.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayList;
import java.util.List;

/** All links of a cluster. */
final class Links implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final NetClient client = vertx.createNetClient(
            new NetClientOptions().setConnectTimeout(2_000).setTcpNoDelay(true));
    private final List<Link> links = new ArrayList<>();

    /** Opens a way to a port; gives back the port to connect to. */
    int open(String name, int port, int target) {
        Link link = new Link(vertx, client, name, port, target);
        link.open();
        links.add(link);
        return port;
    }

    List<Link> all() {
        return List.copyOf(links);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
