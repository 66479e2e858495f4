@NullMarked
package io.millrace.processor.train.example;

import org.jspecify.annotations.NullMarked;
