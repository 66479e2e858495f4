package io.millrace.processor.feature;

/** 32 bits of a text for distinct counts: FNV-1a over UTF-16 units, mixed. Part of the state's format: never change it. */
final class TextHash {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private TextHash() {}

    static int of(char[] text, int offset, int length) {
        long hash = OFFSET;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ text[i]) * PRIME;
        }
        return mix(hash);
    }

    static int of(String text) {
        long hash = OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return mix(hash);
    }

    /** The finalizer of MurmurHash3: FNV's high bits alone are poor for short texts. */
    private static int mix(long hash) {
        long mixed = hash;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) (mixed ^ mixed >>> 33);
    }
}
