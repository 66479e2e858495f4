@NullMarked
package io.millrace.identity;

import org.jspecify.annotations.NullMarked;
