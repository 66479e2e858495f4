package io.millrace.ingest.receive;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the certificate's files every few seconds and hands on what changed; connections that are open keep what they
 * began with. Files that cannot be used change nothing. Whoever renews may write two files one after the other: a pair
 * that is half new is no pair, and is looked at again. Thread-safe.
 */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    static final long BETWEEN_MILLIS = 2_000;

    private final Vertx vertx;
    private final Tls tls;
    private final Function<PemKeyCertOptions, Future<Boolean>> update;
    private final long timer;
    private volatile Certificate current;
    private volatile String complaint = "";

    /** @param betweenMillis between two looks at the files */
    CertificateWatch(
            Vertx vertx,
            Tls tls,
            Certificate first,
            long betweenMillis,
            Function<PemKeyCertOptions, Future<Boolean>> update) {
        this.vertx = vertx;
        this.tls = tls;
        this.current = first;
        this.update = update;
        this.timer = vertx.setPeriodic(betweenMillis, tick -> look());
    }

    private void look() {
        vertx.executeBlocking(() -> Certificate.read(vertx, tls))
                .compose(read -> {
                    if (read.isSame(current)) {
                        complaint = "";
                        return Future.succeededFuture(false);
                    }
                    return update.apply(read.options()).onSuccess(updated -> {
                        current = read;
                        complaint = "";
                        LOG.atInfo()
                                .addKeyValue("subject", read.subject())
                                .addKeyValue("expires", read.expires())
                                .log("The door has a new certificate");
                    });
                })
                .onFailure(this::keep);
    }

    /** Why the files as they are now are of no use; empty where they are. */
    String complaint() {
        return complaint;
    }

    private void keep(Throwable unusable) {
        String reason = String.valueOf(unusable.getMessage());
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.atWarn()
                    .addKeyValue("reason", reason)
                    .addKeyValue("expires", current.expires())
                    .log("The door keeps its certificate: the new one cannot be used");
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
