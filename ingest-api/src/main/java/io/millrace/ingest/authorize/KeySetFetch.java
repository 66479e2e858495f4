package io.millrace.ingest.authorize;

import java.io.IOException;
import java.net.URI;

/** Fetches an issuer's key set, over whatever brings it; may block. Thread-safe. */
@FunctionalInterface
public interface KeySetFetch {
    /**
     * The set's bytes, bounded.
     *
     * @throws IOException with a sentence if the issuer does not give it
     */
    byte[] fetch(URI url) throws IOException, InterruptedException;
}
