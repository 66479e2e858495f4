/**
 * Features: what a model sees of a user, computed from the events and the profile by one code in serving and training.
 *
 * <p>Pure: no clock, no Kafka, no I/O. docs/features.md says what each type means.
 */
@NullMarked
package io.millrace.processor.feature;

import org.jspecify.annotations.NullMarked;
