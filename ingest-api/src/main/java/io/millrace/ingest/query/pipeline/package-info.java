/** How the whole pipeline is: the brokers and the processors are asked, and told as one. */
@NullMarked
package io.millrace.ingest.query.pipeline;

import org.jspecify.annotations.NullMarked;
