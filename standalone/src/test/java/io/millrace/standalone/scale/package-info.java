/** The pipeline's move to other numbers of partitions. */
@NullMarked
package io.millrace.standalone.scale;

import org.jspecify.annotations.NullMarked;
