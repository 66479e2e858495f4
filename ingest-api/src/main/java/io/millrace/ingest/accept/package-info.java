/** The one way in that every protocol uses. */
@NullMarked
package io.millrace.ingest.accept;

import org.jspecify.annotations.NullMarked;
