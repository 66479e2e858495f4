@NullMarked
package io.millrace.standalone.state;

import org.jspecify.annotations.NullMarked;
