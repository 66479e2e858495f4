/** How the pipeline is laid out: which topic takes the events, in how many partitions, and the move to another layout. */
@NullMarked
package io.millrace.layout;

import org.jspecify.annotations.NullMarked;
