@NullMarked
package io.millrace.ingest.query.pipeline;

import org.jspecify.annotations.NullMarked;
