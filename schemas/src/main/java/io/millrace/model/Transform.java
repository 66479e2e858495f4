package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is done to a feature's value before the model sees it; the prediction records the result. */
public enum Transform {
    /** Nothing. */
    @JsonProperty("none")
    NONE,
    /** {@code sign(x) · ln(1 + |x|)}: tames counts and money, keeps the sign of refunds. */
    @JsonProperty("log1p")
    LOG1P;

    public double apply(double value) {
        return this == NONE ? value : Math.copySign(Math.log1p(Math.abs(value)), value);
    }
}
