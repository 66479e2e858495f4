@NullMarked
package io.millrace.ingest.ask;

import org.jspecify.annotations.NullMarked;
