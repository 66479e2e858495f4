package io.millrace.quality;

/**
 * Fixed bins for scores, ascending: {@value #INNER} over 0 to 1 as wide as 1/64 in log odds, from −8 to 8, because scores of
 * rare labels crowd near 0 where bins of equal width would not tell them apart; and {@value #OUTER} on either side, 1/16
 * wide in {@code ln(1 + distance)}, for models whose score is no probability. The last bin on either end is open.
 */
public final class ScoreBins {
    public static final int OUTER = 128;
    public static final int INNER = 1024;
    public static final int COUNT = INNER + 2 * OUTER;

    private static final double ODDS = 8;
    private static final double INNER_PER_UNIT = INNER / (2 * ODDS);
    private static final double OUTER_PER_UNIT = 16;

    private ScoreBins() {}

    /**
     * Which bin a score belongs to; a greater score never has a lesser bin.
     *
     * @param score finite
     */
    public static int of(float score) {
        if (score < 0) {
            return OUTER - 1 - outer(-(double) score);
        }
        if (score > 1) {
            return OUTER + INNER + outer(score - 1.0);
        }
        double odds = Math.log(score / (1.0 - score));
        return OUTER + (int) Math.max(0, Math.min(INNER - 1, Math.floor((odds + ODDS) * INNER_PER_UNIT)));
    }

    /** Whether scores in the bin are probabilities. */
    static boolean isInner(int bin) {
        return bin >= OUTER && bin < OUTER + INNER;
    }

    private static int outer(double distance) {
        return (int) Math.min(OUTER - 1, Math.floor(Math.log1p(distance) * OUTER_PER_UNIT));
    }
}
