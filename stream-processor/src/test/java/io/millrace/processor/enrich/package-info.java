/** Tests of what identify events do to profiles. */
@NullMarked
package io.millrace.processor.enrich;

import org.jspecify.annotations.NullMarked;
