@org.jspecify.annotations.NullMarked
package io.millrace.processor.swap;
