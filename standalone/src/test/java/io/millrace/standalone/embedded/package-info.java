/** Tests. */
@NullMarked
package io.millrace.standalone.embedded;

import org.jspecify.annotations.NullMarked;
