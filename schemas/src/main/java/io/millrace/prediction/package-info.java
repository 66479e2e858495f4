/** What a model said about an event, with everything needed to explain and reproduce it. */
@NullMarked
package io.millrace.prediction;

import org.jspecify.annotations.NullMarked;
