@NullMarked
package io.millrace.quality;

import org.jspecify.annotations.NullMarked;
