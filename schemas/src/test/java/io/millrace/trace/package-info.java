/** Tests. */
@NullMarked
package io.millrace.trace;

import org.jspecify.annotations.NullMarked;
