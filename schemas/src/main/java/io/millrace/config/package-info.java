/** How settings are read: one tree of keys, each documented once; default, then file, then environment, then flag. */
@NullMarked
package io.millrace.config;

import org.jspecify.annotations.NullMarked;
