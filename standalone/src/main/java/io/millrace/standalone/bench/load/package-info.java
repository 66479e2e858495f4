/** What loads a door over HTTP and takes little of the machine for it: one thread, requests rendered beforehand. */
@NullMarked
package io.millrace.standalone.bench.load;

import org.jspecify.annotations.NullMarked;
