@NullMarked
package io.millrace.standalone.topics;

import org.jspecify.annotations.NullMarked;
