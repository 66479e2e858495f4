/** Benchmarks that anyone can run: processes of their own on loopback, each figure beside its ceiling of the same sitting. */
@NullMarked
package io.millrace.standalone.bench;

import org.jspecify.annotations.NullMarked;
