/** Stored predictions are scored again, and found where they are not what their models say. */
@NullMarked
package io.millrace.processor.verify;

import org.jspecify.annotations.NullMarked;
