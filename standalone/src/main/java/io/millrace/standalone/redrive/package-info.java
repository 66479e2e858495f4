/** Putting dead letters back: which, as what, once each. */
@NullMarked
package io.millrace.standalone.redrive;

import org.jspecify.annotations.NullMarked;
