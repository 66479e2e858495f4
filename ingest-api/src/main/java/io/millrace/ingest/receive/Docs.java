package io.millrace.ingest.receive;

import io.millrace.ingest.outcome.Problem;
import io.millrace.ingest.outcome.Refusal;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** Pages for people: where everything is, and Swagger UI out of its webjar, with nothing from elsewhere. */
final class Docs {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String WEBJAR = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String FILES = "/META-INF/resources/webjars/swagger-ui/";
    private static final String KEEP = "max-age=3600";

    @SuppressWarnings("ArrayRecordComponent") // handed on and compared by nobody
    private record File(String contentType, byte[] bytes) {}

    private Docs() {}

    /** By operationId. */
    static Map<String, OperationHandler> all() {
        String webjar = FILES + version() + "/";
        Map<String, File> files = Map.of(
                "start.js", new File(JAVASCRIPT, read("start.js")),
                "swagger-ui-bundle.js", new File(JAVASCRIPT, read(webjar + "swagger-ui-bundle.js")),
                "swagger-ui.css", new File("text/css; charset=utf-8", read(webjar + "swagger-ui.css")),
                "favicon-32x32.png", new File("image/png", read(webjar + "favicon-32x32.png")));
        return Map.of(
                "getIndex", page(read("index.html")),
                "getDocs", page(read("docs.html")),
                "getDocsFile",
                        (exchange, path) -> {
                            String name = path.getOrDefault("file", "");
                            File file = files.get(name);
                            if (file == null) {
                                exchange.problem(new Problem.NotFound(
                                        "file: given " + Refusal.shorten(name) + ", expected one that /docs asks for"));
                            } else {
                                exchange.request().response().putHeader(HttpHeaders.CACHE_CONTROL, KEEP);
                                exchange.answerShared(file.contentType(), file.bytes());
                            }
                        });
    }

    private static OperationHandler page(byte[] html) {
        return (exchange, path) -> exchange.answerShared(HTML, html);
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream stream = Docs.class.getResourceAsStream(WEBJAR)) {
            if (stream == null) {
                throw new IllegalStateException("the webjar of Swagger UI is not on the class path");
            }
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "");
    }

    private static byte[] read(String resource) {
        try (InputStream stream = Docs.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
