@NullMarked
package io.millrace.ingest.adapt.otlp;

import org.jspecify.annotations.NullMarked;
