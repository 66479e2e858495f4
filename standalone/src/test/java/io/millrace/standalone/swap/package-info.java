/** Models change while events are scored, on a real broker. */
@NullMarked
package io.millrace.standalone.swap;

import org.jspecify.annotations.NullMarked;
