/** How records become bytes on a topic and back: the data path's own JSON, and the manifest's YAML. */
@NullMarked
package io.millrace.codec;

import org.jspecify.annotations.NullMarked;
