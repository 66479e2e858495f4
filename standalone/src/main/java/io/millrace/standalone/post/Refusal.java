package io.millrace.standalone.post;

/**
 * An event that a door refused.
 *
 * @param code stable
 * @param detail one sentence
 */
public record Refusal(String code, String detail) {}
