/** What is known of a user: identify events become the profile that every later event is joined with. */
@NullMarked
package io.millrace.processor.enrich;

import org.jspecify.annotations.NullMarked;
