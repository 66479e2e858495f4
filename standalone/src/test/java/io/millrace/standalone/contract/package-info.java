/** What Millrace needs of a broker and a database: one contract for the embedded ones and for the usual images. */
@NullMarked
package io.millrace.standalone.contract;

import org.jspecify.annotations.NullMarked;
