@NullMarked
package io.millrace.ingest.query.live;

import org.jspecify.annotations.NullMarked;
