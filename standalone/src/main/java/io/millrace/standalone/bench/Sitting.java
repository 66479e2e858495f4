package io.millrace.standalone.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What all benchmarks of a sitting share.
 *
 * @param folder of data and logs
 * @param bootstrap of the broker
 * @param recordings where each process leaves what Java's flight recorder saw; null for no recordings
 */
record Sitting(Path folder, String bootstrap, @Nullable Path recordings) {}
