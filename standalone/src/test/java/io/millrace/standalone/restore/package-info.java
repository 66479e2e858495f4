@NullMarked
package io.millrace.standalone.restore;

import org.jspecify.annotations.NullMarked;
