@NullMarked
package io.millrace.ingest.admit;

import org.jspecify.annotations.NullMarked;
