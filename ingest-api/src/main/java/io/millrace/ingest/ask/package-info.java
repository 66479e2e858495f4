/** Asks the processor, and scores on request. */
@NullMarked
package io.millrace.ingest.ask;

import org.jspecify.annotations.NullMarked;
