/** Talks to a door's /v1/models for the command line, and signs models. */
@NullMarked
package io.millrace.standalone.models;

import org.jspecify.annotations.NullMarked;
