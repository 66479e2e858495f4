package io.millrace.processor.score;

/** What a task takes: events, and at the beginning of a layout what the tasks of the layout before knew. */
public sealed interface Incoming permits ArrivedEvent, MovedState {}
