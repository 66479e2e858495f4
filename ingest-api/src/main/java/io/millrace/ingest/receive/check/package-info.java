/** Requests held against openapi.yaml, free of HTTP. */
@NullMarked
package io.millrace.ingest.receive.check;

import org.jspecify.annotations.NullMarked;
