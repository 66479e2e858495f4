@NullMarked
package io.millrace.ingest.adapt.cloudevents;

import org.jspecify.annotations.NullMarked;
