@NullMarked
package io.millrace.standalone.quality;

import org.jspecify.annotations.NullMarked;
