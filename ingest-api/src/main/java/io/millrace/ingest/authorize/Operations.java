package io.millrace.ingest.authorize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The operations that openapi.yaml promises. */
public final class Operations {
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private Operations() {}

    /** Every operation; one without an operationId or a permission fails the start. */
    public static List<Operation> ofContract() {
        return read(Contract.openapi());
    }

    static List<Operation> read(byte[] openapi) {
        List<Operation> operations = new ArrayList<>();
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(openapi);
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml is no YAML", e);
        }
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        operations.add(operation(path.getKey(), method.getKey(), method.getValue()));
                    }
                }));
        return operations;
    }

    private static Operation operation(String path, String method, JsonNode node) {
        String id = node.path("operationId").asText("");
        String permission = node.path("x-permission").asText("");
        if (id.isEmpty() || permission.isEmpty()) {
            throw new IllegalStateException("openapi.yaml: " + method + " " + path
                    + ": expected an operationId and an x-permission, as what has no permission is denied");
        }
        boolean isForSdks = node.has("x-sdk");
        return new Operation(
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                Permission.parse(permission),
                node.has("requestBody"),
                otherPaths(path, node.path("x-also"), isForSdks),
                isForSdks);
    }

    /** SDKs put a slash at the end, and one too many in front where their users wrote one behind the host. */
    private static List<String> otherPaths(String path, JsonNode also, boolean isForSdks) {
        List<String> others = new ArrayList<>();
        also.forEach(other -> others.add(other.asText()));
        if (isForSdks) {
            List<String> plain = new ArrayList<>(others);
            plain.add(path);
            for (String each : plain) {
                others.addAll(List.of(each + '/', '/' + each, '/' + each + '/'));
            }
        }
        return others;
    }
}
