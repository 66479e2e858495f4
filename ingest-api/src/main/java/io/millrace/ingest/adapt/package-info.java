/** From what others' SDKs and protocols send to events as {@code POST /v1/events} takes them; one room for each protocol. */
@NullMarked
package io.millrace.ingest.adapt;

import org.jspecify.annotations.NullMarked;
