/** The store's writer: predictions from their topic into PostgreSQL, rows and offsets in one transaction. */
@NullMarked
package io.millrace.processor.store;

import org.jspecify.annotations.NullMarked;
