/** Refused records on their way to the dead-letters topic, from our own stages and from Streams' handlers. */
@NullMarked
package io.millrace.processor.deadletter;

import org.jspecify.annotations.NullMarked;
