/** The whole path with real parts, broken on purpose. */
@NullMarked
package io.millrace.standalone.endtoend;

import org.jspecify.annotations.NullMarked;
