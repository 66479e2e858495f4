/** Topics as the read side looks into them: by partition and offset, what is committed alone, and in no group. */
@NullMarked
package io.millrace.ingest.query.topic;

import org.jspecify.annotations.NullMarked;
