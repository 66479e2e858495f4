/** gRPC: the producers' door over HTTP/2, on the port of all the rest. */
@NullMarked
package io.millrace.ingest.receive.grpc;

import org.jspecify.annotations.NullMarked;
