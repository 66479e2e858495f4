/** The contract files as programs find them: on the class path, beside this package. */
@NullMarked
package io.millrace.contract;

import org.jspecify.annotations.NullMarked;
