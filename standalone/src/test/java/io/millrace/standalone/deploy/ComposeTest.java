package io.millrace.standalone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.config.Key;
import io.millrace.config.Settings;
import io.millrace.ingest.IngestKeys;
import io.millrace.processor.ProcessorKeys;
import io.millrace.standalone.run.StandaloneKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docker-compose.yml and the Dockerfiles, as far as they can be checked where no container engine runs. */
class ComposeTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern PINNED = Pattern.compile("[a-z/-]+:\\d+\\.\\d+[\\w.+-]*");
    private static final Pattern GIVEN_BY_THE_USER = Pattern.compile("\\$\\{([A-Z_]+):\\?[^}]+}");
    private static final List<String> OWN = List.of("ingest-api", "stream-processor");

    private final JsonNode services;

    ComposeTest() throws IOException {
        services = new YAMLMapper()
                .readTree(ROOT.resolve("docker-compose.yml").toFile())
                .get("services");
    }

    @Test
    void imagesArePinned_andKafkaIsTheReleaseThatTheClientsAre() {
        services.forEach(service -> {
            if (service.has("image")) {
                assertThat(service.get("image").asText()).matches(PINNED);
            }
        });
        assertThat(services.at("/kafka/image").asText()).isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
    }

    @Test
    void portsArePublishedOnLoopbackOnly() {
        services.forEach(service ->
                service.path("ports").forEach(port -> assertThat(port.asText()).matches("127\\.0\\.0\\.1:\\d+:\\d+")));
        assertThat(containerPort("ingest-api")).isEqualTo(value("ingest-api", IngestKeys.PORT));
        assertThat(containerPort("stream-processor")).isEqualTo(value("stream-processor", ProcessorKeys.HTTP_PORT));
    }

    @Test
    void everyVariableIsASetting_withAValueThatItTakes() {
        for (String name : OWN) {
            Map<String, String> environment = new HashMap<>();
            services.at("/" + name + "/environment").properties().forEach(variable -> {
                assertThat(variable.getKey()).startsWith("MILLRACE_");
                String value = variable.getValue().asText();
                if (!GIVEN_BY_THE_USER.matcher(value).matches()) {
                    environment.put(variable.getKey(), value);
                }
            });
            Settings settings = Settings.gather(null, environment, Map.of(), StandaloneKeys.EVERY);
            StandaloneKeys.EVERY.forEach(settings::get);
            settings.check();
        }
    }

    @Test
    void secretsAreGivenByTheUser() {
        List<String> secret = StandaloneKeys.EVERY.stream()
                .filter(Key::secret)
                .map(Key::variable)
                .toList();
        List<String> checked = new ArrayList<>();
        for (String name : OWN) {
            services.at("/" + name + "/environment").properties().forEach(variable -> {
                if (secret.contains(variable.getKey())) {
                    assertThat(variable.getValue().asText()).matches(GIVEN_BY_THE_USER);
                    checked.add(variable.getKey());
                }
            });
        }
        assertThat(checked).hasSizeGreaterThanOrEqualTo(3);
        assertThat(services.at("/postgres/environment/POSTGRES_PASSWORD").asText())
                .matches(GIVEN_BY_THE_USER);
    }

    @Test
    void everyServiceIsCheckedAndComesBack() {
        services.properties().forEach(service -> {
            assertThat(service.getValue().path("restart").asText()).isEqualTo("unless-stopped");
            if (!OWN.contains(service.getKey())) {
                assertThat(service.getValue().at("/healthcheck/test").size()).isPositive();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest-api", "stream-processor"})
    void dockerfileIsPinnedUnprivilegedAndChecked(String name) throws Exception {
        Path file = ROOT.resolve(services.at("/" + name + "/build/dockerfile").asText());
        List<String> lines = Files.readAllLines(file);

        lines.stream()
                .filter(line -> line.startsWith("FROM "))
                .forEach(line -> assertThat(line.split(" ", -1)[1]).matches(PINNED));
        assertThat(lines).contains("USER 10001", "EXPOSE " + containerPort(name));
        assertThat(lines).anyMatch(line -> line.startsWith("HEALTHCHECK "));
        assertThat(lines.stream()
                        .filter(line -> line.contains("/dev/tcp/"))
                        .findFirst()
                        .orElse(""))
                .contains("/dev/tcp/127.0.0.1/" + containerPort(name), "GET /readyz ");
        for (String line : lines) {
            if (line.startsWith("COPY ") && !line.contains("--from")) {
                assertThat(ROOT.resolve(line.split(" ", -1)[1])).exists();
            }
        }
        String start = lines.get(lines.size() - 1);
        String main = start.replaceAll(".* (io\\.millrace\\.[\\w.]+) .*", "$1");
        assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
    }

    private int containerPort(String service) {
        String published = services.at("/" + service + "/ports/0").asText();
        return Integer.parseInt(published.substring(published.lastIndexOf(':') + 1));
    }

    private int value(String service, Key<Integer> key) {
        return services.at("/" + service + "/environment/" + key.variable()).asInt();
    }
}
