@NullMarked
package io.millrace.processor.quality;

import org.jspecify.annotations.NullMarked;
