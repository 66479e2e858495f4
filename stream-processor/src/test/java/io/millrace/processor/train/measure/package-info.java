@NullMarked
package io.millrace.processor.train.measure;

import org.jspecify.annotations.NullMarked;
