package io.millrace.standalone.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where processes leave things.
 *
 * @param data of data and logs
 * @param recordings of what Java's flight recorder saw in each process; null for no recordings
 */
record Folders(Path data, @Nullable Path recordings) {}
