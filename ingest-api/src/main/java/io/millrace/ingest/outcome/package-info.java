/** What became of a request or an event, as values; expected failures are not exceptions. */
@NullMarked
package io.millrace.ingest.outcome;

import org.jspecify.annotations.NullMarked;
