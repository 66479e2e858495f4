@NullMarked
package io.millrace.standalone.redrive;

import org.jspecify.annotations.NullMarked;
