@NullMarked
package io.millrace.ingest.query.event;

import org.jspecify.annotations.NullMarked;
