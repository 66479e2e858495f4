/** Events that OpenTelemetry SDKs export as log records, by OTLP over HTTP. */
@NullMarked
package io.millrace.ingest.adapt.otlp;

import org.jspecify.annotations.NullMarked;
