/** The one public door: what stands behind it is wired here. */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
