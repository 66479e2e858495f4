package io.millrace.standalone.simulate;

/**
 * A person who comes again.
 *
 * @param id user id, or anonymous id
 * @param known whether the shop knows who it is
 * @param means how much this person buys at all, 0 to 1
 */
record Shopper(String id, boolean known, double means, String plan, String country, int age) {}
