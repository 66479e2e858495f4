@NullMarked
package io.millrace.ingest.receive.check;

import org.jspecify.annotations.NullMarked;
