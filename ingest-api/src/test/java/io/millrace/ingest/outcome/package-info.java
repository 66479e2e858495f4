@NullMarked
package io.millrace.ingest.outcome;

import org.jspecify.annotations.NullMarked;
