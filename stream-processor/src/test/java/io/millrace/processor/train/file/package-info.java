@NullMarked
package io.millrace.processor.train.file;

import org.jspecify.annotations.NullMarked;
