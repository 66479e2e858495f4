@NullMarked
package io.millrace.processor.serve;

import org.jspecify.annotations.NullMarked;
