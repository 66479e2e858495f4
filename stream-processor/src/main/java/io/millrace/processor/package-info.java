/** The stream processor as one process: settings, start, health and end. */
@NullMarked
package io.millrace.processor;

import org.jspecify.annotations.NullMarked;
