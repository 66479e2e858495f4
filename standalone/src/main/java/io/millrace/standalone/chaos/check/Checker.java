package io.millrace.standalone.chaos.check;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Judges a pipeline whose clients have ended: waits until all that was acknowledged has come out, as long as more is coming,
 * and says what is wrong. Everything of {@link Violation} is looked for.
 *
 * @param clients the folder of the clients' files, as {@link ClientLogs} says
 * @param bootstrap brokers
 * @param jdbc URL of the store
 * @param user of the store
 * @param password of the store's user
 * @param stall how long nothing may come out before what is missing counts as lost
 * @param wholeCounts whether features that count within an hour count everything, because all happened in less
 */
public record Checker(
        Path clients,
        String bootstrap,
        String jdbc,
        String user,
        String password,
        Duration stall,
        boolean wholeCounts) {
    private static final long PAUSE_MILLIS = 500;

    /** @throws IOException if a file or a record is not what it must be */
    public Verdict check() throws IOException, SQLException, InterruptedException {
        History history = new History();
        ClientLogs.read(clients, history);
        try (Topics topics = new Topics(bootstrap, history, wholeCounts)) {
            Verdict verdict = settled(topics, history);
            if (!history.knowsModels()) {
                throw new IOException("topic models names no live model that selects events");
            }
            return verdict;
        }
    }

    private Verdict settled(Topics topics, History history) throws IOException, SQLException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long giveUpAt = System.nanoTime() + stall.toNanos();
        long seen = -1;
        while (true) {
            topics.read();
            long behind = topics.behind();
            if (behind == 0) {
                // Behind what is taken nothing comes any more: a double that is to come has come.
                topics.read();
                Store.read(jdbc, user, password, history);
            }
            Verdict verdict = Judge.judge(history, behind == 0);
            verdict.count("9 records not taken", behind);
            if (behind == 0 && !verdict.violations().containsKey(Violation.NOT_STORED)) {
                return verdict;
            }
            long now = history.seen();
            if (now != seen) {
                seen = now;
                giveUpAt = System.nanoTime() + stall.toNanos();
            } else if (System.nanoTime() - giveUpAt > 0) {
                return verdict;
            }
            boolean unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
