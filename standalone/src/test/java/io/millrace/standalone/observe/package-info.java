/** Tests. */
@NullMarked
package io.millrace.standalone.observe;

import org.jspecify.annotations.NullMarked;
