/** Event files of any shape, line by line: what replay posts and training learns from is the same. */
@NullMarked
package io.millrace.processor.train.file;

import org.jspecify.annotations.NullMarked;
