/** Which models an event is for, and what each of them is told. */
@NullMarked
package io.millrace.processor.featurize;

import org.jspecify.annotations.NullMarked;
