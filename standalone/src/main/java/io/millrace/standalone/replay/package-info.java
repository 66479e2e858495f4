/** Posts event files, and goes on where it was interrupted. */
@NullMarked
package io.millrace.standalone.replay;

import org.jspecify.annotations.NullMarked;
