/** The registry: which versions of models there are and which are deployed, on topics that every processor reads. */
@NullMarked
package io.millrace.processor.registry;

import org.jspecify.annotations.NullMarked;
