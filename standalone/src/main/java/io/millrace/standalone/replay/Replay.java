package io.millrace.standalone.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.identity.Source;
import io.millrace.json.JsonObject;
import io.millrace.processor.train.file.EventFiles;
import io.millrace.processor.train.file.FileEvent;
import io.millrace.processor.train.file.FileLine;
import io.millrace.processor.train.file.FileShape;
import io.millrace.processor.train.file.UnreadableLine;
import io.millrace.standalone.post.Door;
import io.millrace.standalone.post.Lanes;
import io.millrace.standalone.post.Pace;
import io.millrace.standalone.post.Posting;
import io.millrace.standalone.post.PostingFailedException;
import io.millrace.standalone.post.Refusal;
import io.millrace.standalone.post.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Posts one file. Ids are a function of the file, so a replay that was interrupted, or runs twice, doubles nothing; a
 * checkpoint spares it the lines that were answered before. Lines of one user are posted in the file's order.
 */
public final class Replay {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Source ANY = new Source("replay");
    private static final long CHECKPOINT_NANOS = Duration.ofMillis(500).toNanos();

    private final String url;
    private final String token;
    private final Settings settings;
    private final Tally tally;

    /**
     * How to post.
     *
     * @param speed the file's gaps are divided by it; empty: as fast as the door takes them
     * @param lanes requests in flight
     * @param patience how long to try again while the door does not answer
     * @param checkpoints folder of the checkpoints
     */
    public record Settings(OptionalDouble speed, int lanes, Duration patience, Path checkpoints) {}

    /** Sees how far it is. */
    @FunctionalInterface
    public interface Watcher {
        /** @param line lines of the file that were read, those before a checkpoint included */
        void at(long line);
    }

    public Replay(String url, String token, Settings settings, Tally tally) {
        this.url = url;
        this.token = token;
        this.settings = settings;
        this.tally = tally;
    }

    /** How many lines of the file an earlier, interrupted replay brought to the door. */
    public long answeredBefore(Path file) throws IOException {
        return new Checkpoint(settings.checkpoints(), url, file).read();
    }

    /** Forgets an earlier replay of the file. */
    public void startOver(Path file) throws IOException {
        new Checkpoint(settings.checkpoints(), url, file).delete();
    }

    /**
     * Posts the file from its checkpoint on; returns when every event is answered.
     *
     * @throws PostingFailedException if the door takes nothing; a later run goes on from there
     */
    public void post(Path file, FileShape shape, Watcher watcher)
            throws IOException, PostingFailedException, InterruptedException {
        Checkpoint checkpoint = new Checkpoint(settings.checkpoints(), url, file);
        long answered = checkpoint.read();
        try (Lanes lanes = new Lanes(new Door(url, token), settings.lanes(), settings.patience(), tally, answered + 1);
                Stream<FileLine> lines = EventFiles.open(file, shape)) {
            try {
                post(lines.iterator(), answered, lanes, checkpoint, watcher);
                lanes.drain();
            } finally {
                checkpoint.write(lanes.firstUnanswered() - 1);
            }
        }
        checkpoint.delete();
    }

    private void post(Iterator<FileLine> lines, long answered, Lanes lanes, Checkpoint checkpoint, Watcher watcher)
            throws IOException, PostingFailedException, InterruptedException {
        Pace pace = settings.speed().isPresent() ? new Pace(settings.speed().getAsDouble()) : null;
        long written = System.nanoTime();
        while (lines.hasNext()) {
            FileLine line = lines.next();
            watcher.at(line.line());
            if (line.line() <= answered) {
                continue;
            }
            if (line instanceof UnreadableLine unreadable) {
                tally.refused(new Refusal("unreadable_line", "line " + unreadable.line() + ": " + unreadable.why()));
            } else if (line instanceof FileEvent event) {
                if (pace != null) {
                    pace.await(event.event(ANY).times().event());
                }
                lanes.post(new Posting(event.line(), user(event.body()), event.body()));
            }
            if (System.nanoTime() - written > CHECKPOINT_NANOS) {
                checkpoint.write(lanes.firstUnanswered() - 1);
                written = System.nanoTime();
            }
        }
    }

    // An event without either is the door's to refuse.
    private static String user(JsonObject body) throws IOException {
        JsonNode event = JSON.readTree(body.array(), body.offset(), body.length());
        return event.path("userId").asText(event.path("anonymousId").asText(""));
    }
}
