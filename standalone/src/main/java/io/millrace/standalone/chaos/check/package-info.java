/**
 * The checker: whether a history of clients, topics and store is one in which nothing was lost, doubled or reordered. It knows
 * the contracts (docs/, schemas/*.yaml) and shares no code with the pipeline that it judges: an error there must not hide here.
 */
@NullMarked
package io.millrace.standalone.chaos.check;

import org.jspecify.annotations.NullMarked;
