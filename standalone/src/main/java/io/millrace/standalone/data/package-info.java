/** The folder of one standalone Millrace: its lock, its secrets, and the credentials that other commands read. */
@NullMarked
package io.millrace.standalone.data;

import org.jspecify.annotations.NullMarked;
