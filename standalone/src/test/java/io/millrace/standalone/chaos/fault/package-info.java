/** Tests of schedules. */
@NullMarked
package io.millrace.standalone.chaos.fault;

import org.jspecify.annotations.NullMarked;
