package io.millrace.ingest;

import io.millrace.config.Exposure;
import io.millrace.config.Settings;
import io.millrace.config.SharedKeys;
import io.millrace.ingest.authorize.AccessConfig;
import io.millrace.ingest.authorize.AccessConfig.IssuerKeys;
import io.millrace.ingest.authorize.AccessConfig.Tokens;
import io.millrace.ingest.authorize.TokenAlgorithm;
import io.millrace.ingest.receive.mqtt.MqttKeys;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who is known, and whether it is safe to be known to the world, read from settings. */
final class AccessSettings {
    private static final int LEAST_SECRET = 32;
    private static final int LEAST_DIFFERENT = 10;
    /** Of examples that everybody has read: jwt.io's, and what people write until they know better. */
    private static final Set<String> KNOWN_WORDS =
            Set.of("secret", "password", "changeme", "change-me", "change_me", "example", "development", "test-key");

    private AccessSettings() {}

    static AccessConfig read(Settings settings) {
        String secret = settings.get(IngestKeys.JWT_SECRET);
        Optional<IssuerKeys> keys = issuerKeys(settings);
        exposure(settings, secret);
        return new AccessConfig(
                settings.get(IngestKeys.WRITE_KEYS),
                new Tokens(
                        isLongEnough(settings, secret, LEAST_SECRET, "") ? secret : "",
                        algorithms(settings, secret, keys.isPresent()),
                        keys,
                        settings.get(IngestKeys.JWT_ISSUER),
                        settings.get(IngestKeys.JWT_AUDIENCE),
                        settings.get(IngestKeys.JWT_LEEWAY)));
    }

    private static boolean isLongEnough(Settings settings, String secret, int least, String why) {
        int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > 0 && bytes < least) {
            settings.error(IngestKeys.JWT_SECRET.path() + ": given a secret of " + bytes + " bytes, expected at least "
                    + least + why);
            return false;
        }
        return true;
    }

    private static Set<TokenAlgorithm> algorithms(Settings settings, String secret, boolean hasKeys) {
        Set<TokenAlgorithm> given = settings.get(TokenKeys.JWT_ALGORITHMS);
        if (given.isEmpty()) {
            Set<TokenAlgorithm> usual = EnumSet.noneOf(TokenAlgorithm.class);
            if (!secret.isEmpty()) {
                usual.add(TokenAlgorithm.HS256);
            }
            if (hasKeys) {
                usual.add(TokenAlgorithm.RS256);
                usual.add(TokenAlgorithm.ES256);
            }
            return usual;
        }
        for (TokenAlgorithm algorithm : given) {
            if (algorithm.isBySecret()) {
                if (secret.isEmpty()) {
                    settings.error(TokenKeys.JWT_ALGORITHMS.path() + ": given " + algorithm + " without "
                            + IngestKeys.JWT_SECRET.path() + ", expected both");
                } else if (algorithm.leastSecret() > LEAST_SECRET) {
                    isLongEnough(settings, secret, algorithm.leastSecret(), " for " + algorithm);
                }
            } else if (!hasKeys) {
                settings.error(TokenKeys.JWT_ALGORITHMS.path() + ": given " + algorithm + " without "
                        + TokenKeys.JWT_KEYS_URL.path() + ", expected both");
            }
        }
        return given;
    }

    private static Optional<IssuerKeys> issuerKeys(Settings settings) {
        String url = settings.get(TokenKeys.JWT_KEYS_URL);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(url);
            boolean isSafe = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme())
                            && uri.getHost() != null
                            && (settings.get(SharedKeys.ALLOW_INSECURE) || Exposure.isLoopback(uri.getHost())));
            if (isSafe) {
                return Optional.of(new IssuerKeys(
                        uri,
                        settings.get(TokenKeys.JWT_KEYS_REFRESH),
                        settings.get(TokenKeys.JWT_KEYS_BETWEEN),
                        settings.get(TokenKeys.JWT_KEYS_OUTAGE)));
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        settings.error(TokenKeys.JWT_KEYS_URL.path() + ": given \"" + url
                + "\", expected https://…, as whoever changes keys on their way makes tokens; http only on loopback");
        return Optional.empty();
    }

    private static void exposure(Settings settings, String secret) {
        boolean isProtected = !settings.get(IngestKeys.TLS_CERTIFICATE).isEmpty();
        if (!isProtected) {
            Exposure.check(settings, IngestKeys.HOST);
            if (settings.get(MqttKeys.ENABLED)) {
                Exposure.check(settings, MqttKeys.HOST);
            }
        }
        boolean isReached = !Exposure.isLoopback(settings.get(IngestKeys.HOST))
                || (settings.get(MqttKeys.ENABLED) && !Exposure.isLoopback(settings.get(MqttKeys.HOST)));
        if (isGuessable(secret) && !settings.get(SharedKeys.ALLOW_INSECURE) && isReached) {
            settings.error(
                    IngestKeys.JWT_SECRET.path() + ": given a secret that is easily guessed, expected a random one,"
                            + " such as `openssl rand -hex 32` makes, where others reach the door");
        }
    }

    private static boolean isGuessable(String secret) {
        String lower = secret.toLowerCase(Locale.ROOT);
        return !secret.isEmpty()
                && (secret.chars().distinct().count() < LEAST_DIFFERENT
                        || KNOWN_WORDS.stream().anyMatch(lower::contains));
    }
}
