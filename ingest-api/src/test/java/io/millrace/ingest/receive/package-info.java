@NullMarked
package io.millrace.ingest.receive;

import org.jspecify.annotations.NullMarked;
