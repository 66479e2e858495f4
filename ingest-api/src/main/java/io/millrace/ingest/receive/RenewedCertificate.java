package io.millrace.ingest.receive;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The door's certificate for a server that cannot be told of a new one: each handshake asks here, and the files are read
 * again when they change. Thread-safe.
 */
public final class RenewedCertificate implements AutoCloseable {
    private final Current current;
    private final CertificateWatch watch;

    private RenewedCertificate(Current current, CertificateWatch watch) {
        this.current = current;
        this.watch = watch;
    }

    /**
     * Reads the files. Blocks.
     *
     * @throws DoorClosedException if they cannot be used
     */
    public static RenewedCertificate read(Vertx vertx, Tls tls) {
        try {
            Certificate first = Certificate.read(vertx, tls);
            Current current = new Current(manager(vertx, first.options()));
            return new RenewedCertificate(
                    current,
                    new CertificateWatch(
                            vertx,
                            tls,
                            first,
                            CertificateWatch.BETWEEN_MILLIS,
                            renewed -> vertx.executeBlocking(() -> manager(vertx, renewed))
                                    .compose(manager -> {
                                        current.manager = manager;
                                        return Future.succeededFuture(true);
                                    })));
        } catch (UnusableCertificateException e) {
            throw new DoorClosedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** For a server's options; its handshakes follow the files. */
    public KeyCertOptions options() {
        return KeyCertOptions.wrap(current);
    }

    @Override
    public void close() {
        watch.close();
    }

    private static X509KeyManager manager(Vertx vertx, PemKeyCertOptions options) {
        try {
            return (X509KeyManager) options.getKeyManagerFactory(vertx).getKeyManagers()[0];
        } catch (Exception e) {
            throw new IllegalStateException("a certificate that was read once can be read again", e);
        }
    }

    /** Asks whoever is the newest. */
    private static final class Current extends X509ExtendedKeyManager {
        private volatile X509KeyManager manager;

        Current(X509KeyManager manager) {
            this.manager = manager;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return manager instanceof X509ExtendedKeyManager extended
                    ? extended.chooseEngineServerAlias(type, issuers, engine)
                    : manager.chooseServerAlias(type, issuers, null);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return manager.chooseServerAlias(type, issuers, socket);
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return manager.getServerAliases(type, issuers);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return manager.getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return manager.getPrivateKey(alias);
        }

        /** The door asks nobody else for a certificate's sake. */
        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String @Nullable [] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
