package io.millrace.standalone.door;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Pages with an SDK, on an origin of its own, and a browser that opens it. */
final class BrowserPage implements AutoCloseable {
    private static final Path LIBRARY = ClientsIT.NODE.resolve("node_modules/@segment/analytics-next/dist/umd");
    private static final Path RUDDER =
            ClientsIT.NODE.resolve("node_modules/@rudderstack/analytics-js/dist/npm/legacy/bundled/umd/index.js");
    private static final List<String> BROWSERS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final HttpServer server;
    private final URI door;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    BrowserPage(URI door) throws IOException {
        this.door = door;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The browser of this machine; empty where there is none. */
    static Optional<String> browser() throws InterruptedException {
        for (String name : BROWSERS) {
            if (ClientsIT.isThere(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** Opens a page, and closes the browser when all has arrived. */
    void visit(String browser, Path folder, String name, BooleanSupplier hasArrived) throws IOException {
        Process process = new ProcessBuilder(
                        browser,
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder,
                        "http://localhost:" + server.getAddress().getPort() + "/" + name)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.log").toFile())
                .start();
        try {
            DoorStage.until(hasArrived);
        } catch (AssertionError e) {
            throw new AssertionError(asked + "\n" + Files.readString(folder.resolve("browser.log")), e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
            // A link to outside, which JUnit would warn of.
            Files.deleteIfExists(folder.resolve("SingletonSocket"));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        byte[] body;
        String type = "text/html";
        if (path.equals("/page.html") || path.equals("/rudder.html")) {
            body = filled(Files.readString(ClientsIT.SOURCES.resolve(name)));
        } else if (path.equals("/rudder.js")) {
            type = "text/javascript";
            body = Files.readAllBytes(RUDDER);
        } else if (path.endsWith("/settings")) {
            type = "application/json";
            body = filled("""
                    {"integrations": {"Segment.io": {"apiKey": "@WRITE_KEY@", "apiHost": "%s/v1", "protocol": "http"}}}""".formatted(door.getAuthority()));
        } else if (name.equals("analytics.min.js") || (name.endsWith(".js") && Files.exists(LIBRARY.resolve(name)))) {
            type = "text/javascript";
            body = Files.readAllBytes(LIBRARY.resolve(name.equals("analytics.min.js") ? "standalone.js" : name));
        } else {
            body = "<!doctype html><title>Left</title>".getBytes(StandardCharsets.UTF_8);
        }
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        asked.add(path);
    }

    private byte[] filled(String template) {
        return template.replace("@WRITE_KEY@", DoorStage.WRITE_KEY)
                .replace("@DOOR@", door.toString())
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
