@NullMarked
package io.millrace.layout;

import org.jspecify.annotations.NullMarked;
