@NullMarked
package io.millrace.ingest.adapt.mqtt;

import org.jspecify.annotations.NullMarked;
