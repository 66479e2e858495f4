/** Dead letters for operators: what the store has of topic dead-letters, listed, counted and shown byte by byte. */
@NullMarked
package io.millrace.ingest.query.letter;

import org.jspecify.annotations.NullMarked;
