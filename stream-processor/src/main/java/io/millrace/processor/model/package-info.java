/**
 * Models: load one from its manifest and artifact, refuse what does not fit, and score batches on the PyTorch engine. The
 * only place that knows DJL.
 */
@NullMarked
package io.millrace.processor.model;

import org.jspecify.annotations.NullMarked;
