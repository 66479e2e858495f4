/** The topics: their names, settings and creation. */
@NullMarked
package io.millrace.topic;

import org.jspecify.annotations.NullMarked;
