package io.millrace.ingest.authorize;

/**
 * One operation of openapi.yaml.
 *
 * @param id its operationId
 * @param method GET, POST, …
 * @param path with parameters in braces
 * @param permission its x-permission
 * @param takesBody whether it has a requestBody
 */
public record Operation(String id, String method, String path, Permission permission, boolean takesBody) {}
