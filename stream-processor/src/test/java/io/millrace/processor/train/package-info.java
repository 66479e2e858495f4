@NullMarked
package io.millrace.processor.train;

import org.jspecify.annotations.NullMarked;
