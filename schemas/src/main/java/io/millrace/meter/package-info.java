/** Meters that every process has, and how all of them are named. */
@NullMarked
package io.millrace.meter;

import org.jspecify.annotations.NullMarked;
