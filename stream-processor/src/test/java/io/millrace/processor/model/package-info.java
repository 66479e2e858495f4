@NullMarked
package io.millrace.processor.model;

import org.jspecify.annotations.NullMarked;
