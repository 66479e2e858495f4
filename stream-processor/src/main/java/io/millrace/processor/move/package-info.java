/** The move to another number of partitions: a plan, the copying of state, and the steps from one layout to the next. */
@NullMarked
package io.millrace.processor.move;

import org.jspecify.annotations.NullMarked;
