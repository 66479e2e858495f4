/** Verifying: scores what is stored again, from the stored inputs, with the artifact that scored it. */
@NullMarked
package io.millrace.processor.verify;

import org.jspecify.annotations.NullMarked;
