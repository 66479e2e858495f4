/**
 * Training: reads events ({@code file}), makes examples of them ({@code example}) as a configuration says ({@code config}),
 * fits a network and its baselines, judges them ({@code measure}) and chooses.
 */
@NullMarked
package io.millrace.processor.train;

import org.jspecify.annotations.NullMarked;
