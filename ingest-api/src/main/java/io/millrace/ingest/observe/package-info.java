/** Health and meters: how the door tells how it is. */
@NullMarked
package io.millrace.ingest.observe;

import org.jspecify.annotations.NullMarked;
