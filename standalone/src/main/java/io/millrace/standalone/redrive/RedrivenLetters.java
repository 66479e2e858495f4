package io.millrace.standalone.redrive;

import io.millrace.deadletter.LetterId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Which letters were put back: a bit a letter, so that millions of them are less than a megabyte. Not thread-safe. */
final class RedrivenLetters {
    private static final int PIECE = 1 << 16;

    /** Offsets may begin anywhere: pieces of 65,536 of them. */
    private record Piece(int partition, long number) {}

    private final Map<Piece, BitSet> pieces = new HashMap<>();

    void add(LetterId letter) {
        pieces.computeIfAbsent(piece(letter), piece -> new BitSet()).set((int) (letter.offset() % PIECE));
    }

    boolean contains(LetterId letter) {
        BitSet bits = pieces.get(piece(letter));
        return bits != null && bits.get((int) (letter.offset() % PIECE));
    }

    private static Piece piece(LetterId letter) {
        return new Piece(letter.partition(), letter.offset() / PIECE);
    }
}
