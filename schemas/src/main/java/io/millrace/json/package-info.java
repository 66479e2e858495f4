/** JSON that is carried and not looked into. */
@NullMarked
package io.millrace.json;

import org.jspecify.annotations.NullMarked;
