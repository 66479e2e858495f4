/** Figures of scores, with intervals by bootstrap over users. */
@NullMarked
package io.millrace.processor.train.measure;

import org.jspecify.annotations.NullMarked;
