package io.millrace.processor.train.example;

import io.millrace.model.OutcomeSpec;
import java.time.Duration;
import java.util.List;

/** Says an outcome in words, for the model card. */
public final class OutcomeText {
    private OutcomeText() {}

    public static String of(OutcomeSpec outcome) {
        if (outcome instanceof OutcomeSpec.Event event) {
            return "the same user has " + any(event.events()) + " later, and at most " + of(event.within()) + " later";
        }
        if (outcome instanceof OutcomeSpec.Absence absence) {
            return "the same user has not " + any(absence.events()) + " later within " + of(absence.within());
        }
        if (outcome instanceof OutcomeSpec.Sum sum) {
            return "the sum of " + sum.property() + " over the same user's " + String.join(", ", sum.events())
                    + " events later, and at most " + of(sum.within()) + " later, is above " + sum.above();
        }
        OutcomeSpec.Property property = (OutcomeSpec.Property) outcome;
        return "its own " + property.property() + " is " + property.equalTo() + ", which no input reads";
    }

    private static String any(List<String> events) {
        return events.isEmpty() ? "any event" : "an event " + String.join(" or ", events);
    }

    public static String of(Duration duration) {
        if (duration.toMillis() % Duration.ofDays(1).toMillis() == 0) {
            return plural(duration.toDays(), "day");
        }
        if (duration.toMillis() % Duration.ofHours(1).toMillis() == 0) {
            return plural(duration.toHours(), "hour");
        }
        return duration.toMillis() % Duration.ofMinutes(1).toMillis() == 0
                ? plural(duration.toMinutes(), "minute")
                : plural(duration.toSeconds(), "second");
    }

    private static String plural(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
