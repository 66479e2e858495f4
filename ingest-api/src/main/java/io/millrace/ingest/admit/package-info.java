/** How much the door takes in at once. */
@NullMarked
package io.millrace.ingest.admit;

import org.jspecify.annotations.NullMarked;
