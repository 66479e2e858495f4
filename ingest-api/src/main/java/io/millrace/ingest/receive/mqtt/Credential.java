package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Authenticator.Verdict;
import io.millrace.ingest.authorize.Principal;
import io.millrace.ingest.outcome.Problem;
import io.vertx.mqtt.MqttAuth;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a device showed: a write key as its user name, or a write key or a token as its password. It is asked about again
 * with every batch, as keys are disabled and tokens expire while devices stay connected.
 */
record Credential(@Nullable String user, @Nullable String password) {
    private static final String BEARER = "Bearer ";

    static Credential of(@Nullable MqttAuth auth) {
        return auth == null
                ? new Credential(null, null)
                : new Credential(withoutQuery(auth.getUsername()), auth.getPassword());
    }

    /** The SDKs of AWS say behind a question mark what they are. */
    private static @Nullable String withoutQuery(@Nullable String user) {
        int at = user == null ? -1 : user.indexOf('?');
        return user == null || at < 0 ? user : user.substring(0, at);
    }

    /** Never {@link Verdict.Pending}; the stage never fails, and completes at once where it can. */
    CompletionStage<Verdict> check(Authenticator authenticator) {
        Verdict byUser = user == null || user.isBlank()
                ? new Verdict.Known(Principal.NOBODY)
                : authenticator.authenticateWriteKey(user);
        boolean isEnough =
                byUser instanceof Verdict.Known known && !known.principal().equals(Principal.NOBODY);
        if (isEnough || password == null || password.isBlank()) {
            return CompletableFuture.completedFuture(byUser);
        }
        Verdict byPassword = authenticator.authenticate(List.of(BEARER + password));
        return byPassword instanceof Verdict.Pending pending
                ? pending.verdict().thenApply(found -> better(found, byUser))
                : CompletableFuture.completedFuture(better(byPassword, byUser));
    }

    /** Nobody is refused for good while one of the two might be found out to be good. */
    private static Verdict better(Verdict byPassword, Verdict byUser) {
        return isRefused(byPassword) && byUser instanceof Verdict.Unknown && !isRefused(byUser) ? byUser : byPassword;
    }

    private static boolean isRefused(Verdict verdict) {
        return verdict instanceof Verdict.Unknown unknown && unknown.problem() instanceof Problem.Unauthenticated;
    }

    /** Nothing of it in any log. */
    @Override
    public String toString() {
        return "Credential";
    }
}
