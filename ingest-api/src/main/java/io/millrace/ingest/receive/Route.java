package io.millrace.ingest.receive;

import io.millrace.ingest.authorize.Operation;
import java.util.Map;

/**
 * Where a request goes.
 *
 * @param operation of the contract
 * @param handler bound to it
 * @param path the path's parameters, decoded
 */
record Route(Operation operation, OperationHandler handler, Map<String, String> path) {}
