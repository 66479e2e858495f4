@NullMarked
package io.millrace.processor.move;

import org.jspecify.annotations.NullMarked;
