/** Follows what is deployed: loads it, hands it to the threads that score, and takes back a canary that misbehaves. */
@NullMarked
package io.millrace.processor.swap;

import org.jspecify.annotations.NullMarked;
