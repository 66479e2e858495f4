/** The registry of models on a real broker, and from the door to the processors. */
@NullMarked
package io.millrace.standalone.registry;

import org.jspecify.annotations.NullMarked;
