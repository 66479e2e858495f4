/** A cluster of processes on loopback, each of which can be killed, paused and cut off from others. */
@NullMarked
package io.millrace.standalone.chaos.cluster;

import org.jspecify.annotations.NullMarked;
