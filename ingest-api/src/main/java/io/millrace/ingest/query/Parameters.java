package io.millrace.ingest.query;

import io.millrace.ingest.outcome.Endpoint.Question;
import io.millrace.ingest.outcome.Refusal;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The query parameters of one question, each read with one sentence for what it should have been. */
public final class Parameters {
    private final Question question;

    private Parameters(Question question) {
        this.question = question;
    }

    /**
     * Takes them if each is known and none is empty.
     *
     * @throws IllegalArgumentException with a sentence for the client otherwise, like every method here
     */
    public static Parameters of(Question question, List<String> known) {
        for (Map.Entry<String, List<String>> given : question.query().entrySet()) {
            if (!known.contains(given.getKey())) {
                throw new IllegalArgumentException("parameter " + Refusal.shorten(given.getKey()) + ": expected one of "
                        + String.join(", ", known));
            }
            if (given.getValue().stream().anyMatch(String::isEmpty)) {
                throw new IllegalArgumentException(given.getKey() + ": given nothing, expected a value");
            }
        }
        return new Parameters(question);
    }

    /** A text as it is; null where it was not given. */
    public @Nullable String text(String name) {
        return question.parameter(name);
    }

    /** What a parser makes of it; null where it was not given. */
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
