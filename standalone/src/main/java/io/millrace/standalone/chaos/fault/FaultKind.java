package io.millrace.standalone.chaos.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be done to a cluster. */
public enum FaultKind {
    KILL("kill -9 of a part, which is started again"),
    PAUSE("SIGSTOP of a part, SIGCONT later: longer than the session timeouts too"),
    RESTART("SIGTERM of a part, which is started again once it has ended"),
    ROLL("an orderly restart of every part, one after another"),
    CUT("links swallow everything, or reset their connections"),
    SLOW("links take longer"),
    DISK("the disk of one broker is full"),
    SKEW("the clock of a part is wrong by minutes"),
    SCALE("millrace scale to another number of partitions, or back; the tool may be killed and run again");

    private final String sentence;

    FaultKind(String sentence) {
        this.sentence = sentence;
    }

    /** As it is given on the command line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String sentence() {
        return sentence;
    }

    /** @throws IllegalArgumentException with a sentence if it is none */
    public static FaultKind parse(String text) {
        for (FaultKind kind : values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("given \"" + text + "\", expected some of "
                + Arrays.stream(values()).map(FaultKind::text).collect(Collectors.joining(",")));
    }
}
