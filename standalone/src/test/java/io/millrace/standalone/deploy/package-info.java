/** What is shipped for deployment, held against the program. */
@NullMarked
package io.millrace.standalone.deploy;

import org.jspecify.annotations.NullMarked;
