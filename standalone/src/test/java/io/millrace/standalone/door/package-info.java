/** The door in front of a real broker. */
@NullMarked
package io.millrace.standalone.door;

import org.jspecify.annotations.NullMarked;
