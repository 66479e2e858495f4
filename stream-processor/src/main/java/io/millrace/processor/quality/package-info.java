/** Joins predictions with what their users did later, and counts how good and how different model versions are. */
@NullMarked
package io.millrace.processor.quality;

import org.jspecify.annotations.NullMarked;
