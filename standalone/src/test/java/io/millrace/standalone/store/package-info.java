/** The store's writer with a real broker and a real database, and what readers then see. */
@NullMarked
package io.millrace.standalone.store;

import org.jspecify.annotations.NullMarked;
