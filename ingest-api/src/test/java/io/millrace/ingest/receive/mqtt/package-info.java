@NullMarked
package io.millrace.ingest.receive.mqtt;

import org.jspecify.annotations.NullMarked;
