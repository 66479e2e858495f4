/** Posts events to a door as a good client does: in batches, in order for each user, patiently. */
@NullMarked
package io.millrace.standalone.post;

import org.jspecify.annotations.NullMarked;
