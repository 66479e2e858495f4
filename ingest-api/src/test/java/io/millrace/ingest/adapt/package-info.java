@NullMarked
package io.millrace.ingest.adapt;

import org.jspecify.annotations.NullMarked;
