/** From a credential to a principal, and from a principal to what it may do. */
@NullMarked
package io.millrace.ingest.authorize;

import org.jspecify.annotations.NullMarked;
