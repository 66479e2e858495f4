/** What an operator sees of the processor: meters, health, and the small HTTP server that shows them. */
@NullMarked
package io.millrace.processor.observe;

import org.jspecify.annotations.NullMarked;
