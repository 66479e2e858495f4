/** The topic pipeline: who reads it knows the present layout, and how long that knowledge may be relied on. */
@NullMarked
package io.millrace.pipeline;

import org.jspecify.annotations.NullMarked;
