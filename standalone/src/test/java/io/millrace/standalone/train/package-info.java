/** Tests. */
@NullMarked
package io.millrace.standalone.train;

import org.jspecify.annotations.NullMarked;
