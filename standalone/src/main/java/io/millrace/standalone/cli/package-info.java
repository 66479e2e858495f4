/** The commands. Each reads its flags, calls one part of the program and gives back an exit code: 0 done, 1 failed, 2 wrong usage. */
@NullMarked
package io.millrace.standalone.cli;

import org.jspecify.annotations.NullMarked;
