package io.millrace.standalone.post;

/** Posting cannot go on; the message is one sentence for a person. */
public final class PostingFailedException extends Exception {
    public PostingFailedException(String message) {
        super(message);
    }
}
