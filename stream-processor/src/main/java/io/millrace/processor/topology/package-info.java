/** The topology and the settings it runs under: configuration in, Topology out. */
@NullMarked
package io.millrace.processor.topology;

import org.jspecify.annotations.NullMarked;
