/** Tests of the checker. */
@NullMarked
package io.millrace.standalone.chaos.check;

import org.jspecify.annotations.NullMarked;
