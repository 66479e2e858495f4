/** The stage that turns events into predictions: de-duplicate, enrich, featurize, infer in micro-batches, emit. */
@NullMarked
package io.millrace.processor.score;

import org.jspecify.annotations.NullMarked;
