/** The door for devices that speak MQTT. */
@NullMarked
package io.millrace.ingest.receive.mqtt;

import org.jspecify.annotations.NullMarked;
