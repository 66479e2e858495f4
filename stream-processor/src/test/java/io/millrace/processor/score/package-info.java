@NullMarked
package io.millrace.processor.score;

import org.jspecify.annotations.NullMarked;
