/** Tests. */
@NullMarked
package io.millrace.standalone.post;

import org.jspecify.annotations.NullMarked;
