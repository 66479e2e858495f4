/** Tests. */
@NullMarked
package io.millrace.standalone.replay;

import org.jspecify.annotations.NullMarked;
