@NullMarked
package io.millrace.ingest.publish;

import org.jspecify.annotations.NullMarked;
