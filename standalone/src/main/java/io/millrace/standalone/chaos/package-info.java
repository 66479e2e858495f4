/** Breaks a cluster of processes on purpose, under load, and has a checker judge what came of it. */
@NullMarked
package io.millrace.standalone.chaos;

import org.jspecify.annotations.NullMarked;
