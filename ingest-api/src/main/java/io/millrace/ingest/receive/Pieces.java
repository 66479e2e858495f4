package io.millrace.ingest.receive;

import java.util.Arrays;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An answer that is there as a whole, a piece at a time: one subscriber, on one thread. */
final class Pieces implements Flow.Publisher<byte[]>, Flow.Subscription {
    static final int BYTES = 16 * 1024;

    private final byte[] whole;
    private int at;
    private Flow.@Nullable Subscriber<? super byte[]> subscriber;

    Pieces(byte[] whole) {
        this.whole = whole;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super byte[]> given) {
        subscriber = given;
        given.onSubscribe(this);
    }

    @Override
    public void request(long pieces) {
        Flow.Subscriber<? super byte[]> to = subscriber;
        if (to == null) {
            return;
        }
        if (at == whole.length) {
            to.onComplete();
            return;
        }
        int end = Math.min(whole.length, at + BYTES);
        byte[] piece = Arrays.copyOfRange(whole, at, end);
        at = end;
        to.onNext(piece);
    }

    @Override
    public void cancel() {
        subscriber = null;
    }
}
