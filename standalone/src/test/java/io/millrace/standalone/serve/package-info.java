/** ScoringService and the door's questions to it, against real parts. */
@NullMarked
package io.millrace.standalone.serve;

import org.jspecify.annotations.NullMarked;
