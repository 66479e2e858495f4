@NullMarked
package io.millrace.processor.train.config;

import org.jspecify.annotations.NullMarked;
