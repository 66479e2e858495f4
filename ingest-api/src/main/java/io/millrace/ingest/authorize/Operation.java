package io.millrace.ingest.authorize;

import java.util.List;
import java.util.stream.Stream;

/**
 * One operation of openapi.yaml.
 *
 * @param id its operationId
 * @param method GET, POST, …
 * @param path with parameters in braces
 * @param permission its x-permission
 * @param takesBody whether it has a requestBody
 * @param otherPaths where it is too: its x-also, and with x-sdk each of them with a slash more at either end
 * @param isForSdks its x-sdk: clients are SDKs of others, which run in pages of any origin
 */
public record Operation(
        String id,
        String method,
        String path,
        Permission permission,
        boolean takesBody,
        List<String> otherPaths,
        boolean isForSdks) {
    public Operation {
        otherPaths = List.copyOf(otherPaths);
    }

    public Operation(String id, String method, String path, Permission permission, boolean takesBody) {
        this(id, method, path, permission, takesBody, List.of(), false);
    }

    /** Every path that leads to it. */
    public List<String> paths() {
        return Stream.concat(Stream.of(path), otherPaths.stream()).toList();
    }
}
