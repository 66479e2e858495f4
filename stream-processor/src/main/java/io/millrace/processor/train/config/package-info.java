/** What to train: the YAML file of docs/training.md. */
@NullMarked
package io.millrace.processor.train.config;

import org.jspecify.annotations.NullMarked;
