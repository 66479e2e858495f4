/** What became of an event: found in what is kept anyway, the topics and the store, and nowhere written down for it. */
@NullMarked
package io.millrace.ingest.query.event;

import org.jspecify.annotations.NullMarked;
