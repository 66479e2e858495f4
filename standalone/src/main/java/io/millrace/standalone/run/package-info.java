/** All parts in one JVM, started in the order of what needs what and stopped in the reverse. */
@NullMarked
package io.millrace.standalone.run;

import org.jspecify.annotations.NullMarked;
