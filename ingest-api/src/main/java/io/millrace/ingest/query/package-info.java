/** Reads for the analyst: stored predictions by filters, page by page. */
@NullMarked
package io.millrace.ingest.query;

import org.jspecify.annotations.NullMarked;
