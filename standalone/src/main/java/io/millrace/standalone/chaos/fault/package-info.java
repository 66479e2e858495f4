/** What is done to a cluster, and when. */
@NullMarked
package io.millrace.standalone.chaos.fault;

import org.jspecify.annotations.NullMarked;
