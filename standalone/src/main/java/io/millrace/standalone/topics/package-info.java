/** What the topics hold and how far their readers are. */
@NullMarked
package io.millrace.standalone.topics;

import org.jspecify.annotations.NullMarked;
