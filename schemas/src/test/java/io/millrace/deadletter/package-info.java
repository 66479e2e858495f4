@NullMarked
package io.millrace.deadletter;

import org.jspecify.annotations.NullMarked;
