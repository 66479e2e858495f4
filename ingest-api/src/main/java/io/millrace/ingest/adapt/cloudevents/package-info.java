/** CloudEvents 1.0 as the HTTP protocol binding and the JSON event format carry them. */
@NullMarked
package io.millrace.ingest.adapt.cloudevents;

import org.jspecify.annotations.NullMarked;
