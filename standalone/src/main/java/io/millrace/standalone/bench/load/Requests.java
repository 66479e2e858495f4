package io.millrace.standalone.bench.load;

import java.nio.ByteBuffer;

/** What is sent. Used by one thread. */
@FunctionalInterface
public interface Requests {
    /** Most bytes of one request. */
    int MOST_BYTES = 1 << 20;

    /** Puts a whole request, head and body, into a buffer that has room for {@link #MOST_BYTES}. */
    void put(long number, ByteBuffer into);
}
