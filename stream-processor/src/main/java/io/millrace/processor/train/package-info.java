/**
 * Training: read events from files, replay them through the feature code that serves, label them by what came after, fit
 * a model and judge it.
 */
@NullMarked
package io.millrace.processor.train;

import org.jspecify.annotations.NullMarked;
