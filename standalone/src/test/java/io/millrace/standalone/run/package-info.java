/** Tests. */
@NullMarked
package io.millrace.standalone.run;

import org.jspecify.annotations.NullMarked;
