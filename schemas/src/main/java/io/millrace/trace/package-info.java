/** How the steps of an event's path become the spans of one trace. */
@NullMarked
package io.millrace.trace;

import org.jspecify.annotations.NullMarked;
