/** Clients that retry as SDKs do and write down what they sent and what they were told. */
@NullMarked
package io.millrace.standalone.chaos.load;

import org.jspecify.annotations.NullMarked;
