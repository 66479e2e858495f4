/** Tests of which models get an event. */
@NullMarked
package io.millrace.processor.featurize;

import org.jspecify.annotations.NullMarked;
