@NullMarked
package io.millrace.processor.evaluate;

import org.jspecify.annotations.NullMarked;
