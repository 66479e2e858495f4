package io.millrace.standalone.simulate;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws ranks 0 to n−1 with probability proportional to 1 / (rank + 1)^exponent: few are popular, many are rare. */
public final class Zipf {
    private final double[] cumulative;

    public Zipf(int n, double exponent) {
        cumulative = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.pow(i + 1, -exponent);
            cumulative[i] = sum;
        }
    }

    public int draw(RandomGenerator random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
        return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
    }
}
