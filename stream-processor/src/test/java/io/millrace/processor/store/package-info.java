@NullMarked
package io.millrace.processor.store;

import org.jspecify.annotations.NullMarked;
