/** How good a model version is on the stream: counts that add up over partitions, and the figures made of them. */
@NullMarked
package io.millrace.quality;

import org.jspecify.annotations.NullMarked;
