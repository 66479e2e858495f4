/** Tests of the features, and the slow reference they are held against. */
@NullMarked
package io.millrace.processor.feature;

import org.jspecify.annotations.NullMarked;
