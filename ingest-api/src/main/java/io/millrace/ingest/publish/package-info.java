/** From canonical events to acknowledged records on Kafka. */
@NullMarked
package io.millrace.ingest.publish;

import org.jspecify.annotations.NullMarked;
