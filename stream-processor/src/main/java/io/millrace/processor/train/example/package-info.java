/** Examples from events: replayed through the feature code that serves, labelled by what came later, split by time. */
@NullMarked
package io.millrace.processor.train.example;

import org.jspecify.annotations.NullMarked;
