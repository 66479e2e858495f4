@NullMarked
package io.millrace.processor.topology;

import org.jspecify.annotations.NullMarked;
