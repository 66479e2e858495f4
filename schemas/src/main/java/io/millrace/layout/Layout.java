package io.millrace.layout;

import java.util.regex.Pattern;

/**
 * A numbered layout of the pipeline. All names follow from the number, and a number is never used twice. The names of layout
 * 1 are those of a pipeline that was never moved.
 *
 * @param number 1 and up
 * @param partitions of the topic of events, and so tasks of the processor; 0 where nobody has counted them, which only
 *     layout 1 may leave
 */
public record Layout(int number, int partitions) {
    private static final String EVENTS = "user-events";
    private static final String TRANSFER = "state-transfer";
    private static final Pattern OF_EVENTS = Pattern.compile(EVENTS + "-[1-9][0-9]*");

    /** What is there where the topic pipeline says nothing. */
    public static final Layout FIRST = new Layout(1, 0);

    public Layout {
        if (number < 1) {
            throw new IllegalArgumentException("number " + number + ": expected 1 or more");
        }
        if (partitions < (number == 1 ? 0 : 1)) {
            throw new IllegalArgumentException("partitions " + partitions + ": expected 1 or more");
        }
    }

    /** Takes the events. */
    public String topic() {
        return suffixed(EVENTS);
    }

    /** Brings the state of the layout before to this one's tasks. */
    public String transferTopic() {
        return suffixed(TRANSFER);
    }

    /**
     * Kafka Streams' application id: the consumer group, and the prefix of the changelogs.
     *
     * @param configured that of layout 1
     */
    public String applicationId(String configured) {
        return suffixed(configured);
    }

    /**
     * The consumer group that keeps how far the copying of state to this layout is.
     *
     * @param configured that of layout 1
     */
    public String transferGroup(String configured) {
        return applicationId(configured) + "-transfer";
    }

    /** Whether a topic takes the events of some layout. */
    public static boolean isEvents(String topic) {
        return topic.equals(EVENTS) || OF_EVENTS.matcher(topic).matches();
    }

    /** Whether a topic brings state to some layout. */
    public static boolean isTransfer(String topic) {
        return topic.startsWith(TRANSFER);
    }

    /** Whether its tasks begin with the state of another layout. */
    public boolean isMoved() {
        return number > 1;
    }

    private String suffixed(String name) {
        return number == 1 ? name : name + "-" + number;
    }
}
