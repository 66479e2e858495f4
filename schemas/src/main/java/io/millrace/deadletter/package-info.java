/** What was refused, why, and where it came from. */
@NullMarked
package io.millrace.deadletter;

import org.jspecify.annotations.NullMarked;
