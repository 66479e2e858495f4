/** Finds what all processes have told of one trace or event. */
@NullMarked
package io.millrace.standalone.trace;

import org.jspecify.annotations.NullMarked;
