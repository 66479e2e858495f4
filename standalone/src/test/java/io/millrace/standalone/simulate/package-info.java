/** Tests. */
@NullMarked
package io.millrace.standalone.simulate;

import org.jspecify.annotations.NullMarked;
