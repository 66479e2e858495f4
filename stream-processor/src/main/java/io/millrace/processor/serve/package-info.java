/** Asks the models and the users' state: millrace.v1.ScoringService, for the door and for other instances. */
@NullMarked
package io.millrace.processor.serve;

import org.jspecify.annotations.NullMarked;
