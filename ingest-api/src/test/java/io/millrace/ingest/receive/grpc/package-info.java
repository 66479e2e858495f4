@NullMarked
package io.millrace.ingest.receive.grpc;

import org.jspecify.annotations.NullMarked;
