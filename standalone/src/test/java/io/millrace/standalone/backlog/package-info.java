@NullMarked
package io.millrace.standalone.backlog;

import org.jspecify.annotations.NullMarked;
