@NullMarked
package io.millrace.ingest.authorize;

import org.jspecify.annotations.NullMarked;
