@NullMarked
package io.millrace.processor;

import org.jspecify.annotations.NullMarked;
