/** What devices publish by MQTT: which topic means which event. */
@NullMarked
package io.millrace.ingest.adapt.mqtt;

import org.jspecify.annotations.NullMarked;
