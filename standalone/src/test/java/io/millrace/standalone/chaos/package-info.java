/** Tests of the chaos run, and faults put into the pipeline on purpose. */
@NullMarked
package io.millrace.standalone.chaos;

import org.jspecify.annotations.NullMarked;
