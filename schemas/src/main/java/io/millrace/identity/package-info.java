/** What names an event, its user, its producer, a model and a prediction: small types, so that no id is a bare string. */
@NullMarked
package io.millrace.identity;

import org.jspecify.annotations.NullMarked;
