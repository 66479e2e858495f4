/** Predictions as they are made: one reader of the topic for all who listen, and readers of the past for who come back. */
@NullMarked
package io.millrace.ingest.query.live;

import org.jspecify.annotations.NullMarked;
