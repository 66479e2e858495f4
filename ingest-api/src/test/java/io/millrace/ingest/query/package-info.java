@NullMarked
package io.millrace.ingest.query;

import org.jspecify.annotations.NullMarked;
