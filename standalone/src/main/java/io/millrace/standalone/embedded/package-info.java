/** The broker and the database that come with Millrace, so that one machine needs nothing else. */
@NullMarked
package io.millrace.standalone.embedded;

import org.jspecify.annotations.NullMarked;
