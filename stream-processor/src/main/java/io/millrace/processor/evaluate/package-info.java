/**
 * Judging: scores examples of the past with a model, by the code that serves, and reports how good the scores are: a page,
 * the same as JSON, and a model card.
 */
@NullMarked
package io.millrace.processor.evaluate;

import org.jspecify.annotations.NullMarked;
