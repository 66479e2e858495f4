/** From posted bytes to canonical events or refusals. */
@NullMarked
package io.millrace.ingest.validate;

import org.jspecify.annotations.NullMarked;
