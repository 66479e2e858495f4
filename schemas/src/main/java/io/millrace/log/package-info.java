/** How every process writes its log: one JSON object a line, with the same keys everywhere, or text for a terminal. */
@NullMarked
package io.millrace.log;

import org.jspecify.annotations.NullMarked;
