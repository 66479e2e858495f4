package io.millrace.standalone.simulate;

import io.millrace.json.JsonObject;
import java.time.Instant;

/**
 * What a simulated shopper did.
 *
 * @param at when, on the simulation's clock
 * @param user user id or anonymous id
 * @param body as a producer posts it, with id and timestamp
 */
public record SimulatedEvent(Instant at, String user, JsonObject body) {}
