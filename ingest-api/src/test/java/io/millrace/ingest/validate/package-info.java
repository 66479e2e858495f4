@NullMarked
package io.millrace.ingest.validate;

import org.jspecify.annotations.NullMarked;
