package io.millrace.ingest.query;

import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Refusal;
import java.time.DateTimeException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The query parameters of one question, each read as what it means. */
public final class Parameters {
    private final Question question;

    /** The contract's check has been before: each is known, and given at most once. */
    public Parameters(Question question) {
        this.question = question;
    }

    /** A text as it is; null where it was not given. */
    public @Nullable String text(String name) {
        return question.parameter(name);
    }

    /**
     * What a parser makes of it; null where it was not given.
     *
     * @throws IllegalArgumentException with a sentence for the client if it does not take it
     */
    public <T> @Nullable T value(String name, Function<String, T> parser, String expected) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    name + ": given \"" + Refusal.shorten(text) + "\", expected " + expected, e);
        }
    }

    /** A float that is a number; null where it was not given. */
    public @Nullable Float number(String name) {
        return value(name, Parameters::parseNumber, "a number");
    }

    private static Float parseNumber(String text) {
        Float number = Float.valueOf(text);
        if (number.isNaN()) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }
}
