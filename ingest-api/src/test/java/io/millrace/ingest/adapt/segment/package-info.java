@NullMarked
package io.millrace.ingest.adapt.segment;

import org.jspecify.annotations.NullMarked;
