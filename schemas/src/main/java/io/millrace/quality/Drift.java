package io.millrace.quality;

import java.util.List;

/**
 * How far counts in bins are from the shares that a {@link io.millrace.model.Reference} has for the same bins.
 *
 * @param psi population stability index, {@code Σ (a − e) ln(a / e)} over actual shares a and expected shares e; 0.1 is
 *     usually called a shift, 0.25 a changed distribution. A share below {@value #LEAST} counts as that, so that an empty
 *     bin does not make it infinite
 * @param jensenShannon distance, the square root of the divergence to base 2: 0 where the two are equal, 1 where nothing
 *     is in common (Lin 1991; Endres and Schindelin 2003)
 */
public record Drift(double psi, double jensenShannon) {
    static final double LEAST = 1e-4;

    /** @param counts one a bin, not all 0 */
    public static Drift of(long[] counts, List<Double> expected) {
        double total = 0;
        for (long count : counts) {
            total += count;
        }
        if (counts.length != expected.size() || total == 0) {
            throw new IllegalArgumentException(
                    counts.length + " bins with " + total + " values: expected " + expected.size() + " and 1 or more");
        }
        double psi = 0;
        double divergence = 0;
        for (int i = 0; i < counts.length; i++) {
            double a = counts[i] / total;
            double e = expected.get(i);
            double boundedA = Math.max(LEAST, a);
            double boundedE = Math.max(LEAST, e);
            psi += (boundedA - boundedE) * Math.log(boundedA / boundedE);
            double middle = (a + e) / 2;
            divergence += (part(a, middle) + part(e, middle)) / 2;
        }
        return new Drift(psi, Math.sqrt(Math.max(0, divergence)));
    }

    private static double part(double p, double middle) {
        return p == 0 ? 0 : p * Math.log(p / middle) / Math.log(2);
    }
}
