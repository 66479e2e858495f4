/** What the SDKs of Segment, and those that speak as they do, send. */
@NullMarked
package io.millrace.ingest.adapt.segment;

import org.jspecify.annotations.NullMarked;
