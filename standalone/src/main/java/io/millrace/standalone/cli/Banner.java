package io.millrace.standalone.cli;

import io.millrace.standalone.data.Credentials;
import io.millrace.standalone.data.DataFolder;
import io.millrace.standalone.run.Standalone;

/** What a start prints when all is ready. */
final class Banner {
    private Banner() {}

    static String text(Standalone millrace, DataFolder folder, boolean demo) {
        Credentials credentials = millrace.credentials();
        return """

                Millrace is ready.
                  URL          %1$s
                  write key    %2$s
                  Kafka        %3$s
                  PostgreSQL   %4$s
                  metrics      %5$s (the processor's own)
                  tokens
                    producer   %6$s
                    analyst    %7$s
                    operator   %8$s
                  The same is in %9$s/credentials.json; logs are in %9$s/logs.

                Post an event:
                  curl -u %2$s: -H 'content-type: application/json' -d '{"userId":"u1","name":"product_viewed","properties":{"product_id":"p1","price":19.9}}' %1$s/v1/events
                Read its prediction:
                  curl -H 'authorization: Bearer %7$s' '%1$s/v1/users/u1/predictions'
                %11$s%10$s
                Ctrl-C drains and stops everything.
                """.formatted(
                        credentials.url(),
                        credentials.writeKey(),
                        credentials.kafka(),
                        credentials.postgres(),
                        millrace.metricsUrl(),
                        credentials.tokens().producer(),
                        credentials.tokens().analyst(),
                        credentials.tokens().operator(),
                        folder.path(),
                        demo ? "\nShoppers are being simulated (--demo).\n" : "",
                        millrace.mqttPort().isPresent() ? mqtt(millrace) : "");
    }

    private static String mqtt(Standalone millrace) {
        return """
                Publish an event by MQTT:
                  mosquitto_pub -p %d -u %s -q 1 -t devices/d1/events/opened -m '{"door":"front"}'
                """.formatted(
                        millrace.mqttPort().getAsInt(), millrace.credentials().writeKey());
    }
}
