/** Bad input in bulk, for the tests of all modules. */
@NullMarked
package io.millrace.fuzz;

import org.jspecify.annotations.NullMarked;
