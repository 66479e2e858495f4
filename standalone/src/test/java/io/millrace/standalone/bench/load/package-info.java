@NullMarked
package io.millrace.standalone.bench.load;

import org.jspecify.annotations.NullMarked;
