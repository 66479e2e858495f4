package io.millrace.standalone.bench;

import io.millrace.log.LogConfig;
import io.millrace.log.Logs;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What HTTP and Kafka cost a door that does nothing else: it looks at no byte of a body, writes it as a record, or as a hundred pieces
 * where the path ends with "batch", and answers when the broker has them. Arguments: port, bootstrap.
 */
public final class BareDoorMain {
    static final String OUT = "bench-bare";
    private static final int BACKLOG = 4_096;

    private BareDoorMain() {}

    /** Ends with its parent. */
    public static void main(String[] arguments) throws IOException {
        Logs.start(LogConfig.of("bare-door", LogConfig.Reader.COLLECTOR));
        int port = Integer.parseInt(arguments[0]);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        arguments[1],
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 * 1024,
                        ProducerConfig.LINGER_MS_CONFIG,
                        2),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(
                        () -> new Listener(port, producer),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        ParentWatch.await();
        System.exit(0);
    }

    private static final class Listener extends VerticleBase {
        private final int port;
        private final KafkaProducer<byte[], byte[]> producer;

        Listener(int port, KafkaProducer<byte[], byte[]> producer) {
            this.port = port;
            this.producer = producer;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(BACKLOG))
                    .requestHandler(this::take)
                    .listen(port, "127.0.0.1");
        }

        private void take(HttpServerRequest request) {
            if ("/healthz".equals(request.path())) {
                var unused = request.response().end();
                return;
            }
            int pieces = request.uri().endsWith("batch") ? ShopPosts.BATCH : 1;
            var unused = request.body().onSuccess(body -> write(request, body.getBytes(), pieces));
        }

        private void write(HttpServerRequest request, byte[] body, int pieces) {
            AtomicInteger left = new AtomicInteger(pieces);
            AtomicInteger failed = new AtomicInteger();
            int length = body.length / pieces;
            for (int i = 0; i < pieces; i++) {
                byte[] piece = pieces == 1 ? body : Arrays.copyOfRange(body, i * length, (i + 1) * length);
                // Without a key whole batches go to one partition after the other, the cheapest way.
                var unused = producer.send(new ProducerRecord<>(OUT, piece), (stored, problem) -> {
                    failed.addAndGet(problem == null ? 0 : 1);
                    if (left.decrementAndGet() == 0) {
                        context.runOnContext(end -> answer(request, failed.get() == 0 ? 202 : 503));
                    }
                });
            }
        }

        private static void answer(HttpServerRequest request, int status) {
            var unused = request.response()
                    .setStatusCode(status)
                    .putHeader("content-type", "application/json")
                    .end("{\"status\":\"accepted\"}");
        }
    }
}
