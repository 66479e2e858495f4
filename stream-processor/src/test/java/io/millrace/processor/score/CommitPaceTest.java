package io.millrace.processor.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private static final long FRESH = 3;

    private long nanos = Long.MAX_VALUE - 5_000_000_000L;
    private final CommitPace pace = new CommitPace(Duration.ofMillis(20), () -> nanos);

    @Test
    void commitsAtOnce_whenTheFirstEventComes() {
        assertThat(pace.isDue()).isFalse();

        pace.took(FRESH);

        assertThat(pace.isDue()).isTrue();
    }

    @Test
    void asksForNothing_whenNothingCame() {
        pace.took(FRESH);
        commit(5);
        pass(60_000);

        assertThat(pace.isDue()).isFalse();
    }

    @Test
    void waitsForTheInterval_whenCommitsAreQuick() {
        pace.took(FRESH);
        commit(5);
        pace.took(FRESH);

        assertThat(dueAfter()).isEqualTo(20);
    }

    @Test
    void waitsAsLongAsCommitsTake_whenTheyAreSlow() {
        pace.took(FRESH);
        commit(700);
        pace.took(FRESH);
        assertThat(dueAfter()).isEqualTo(700);

        commit(500);
        pace.took(FRESH);
        assertThat(dueAfter()).isEqualTo(500);

        commit(1);
        pace.took(FRESH);
        assertThat(dueAfter()).isEqualTo(20);
    }

    @Test
    void waitsForTheInterval_whenOneCommitAloneWasSlow() {
        pace.took(FRESH);
        commit(5);
        pace.took(FRESH);
        commit(700);
        pace.took(FRESH);

        assertThat(dueAfter()).isEqualTo(20);
    }

    @Test
    void waitsAsLongAsTheQuickestOfFour_whenCommitsBecomeSlow() {
        pace.took(FRESH);
        commit(5);
        for (int millis : new int[] {300, 200, 400}) {
            pace.took(FRESH);
            assertThat(dueAfter()).isEqualTo(20);
            commit(millis);
        }
        pace.took(FRESH);
        assertThat(dueAfter()).isEqualTo(20);

        commit(500);
        pace.took(FRESH);
        assertThat(dueAfter()).isEqualTo(200);
    }

    @Test
    void countsUntilTheThreadIsBack_whicheverTaskItSeesFirst() {
        pace.took(FRESH);
        pace.begin();
        pass(40);
        pace.begin();
        pass(60);
        pace.took(FRESH);

        assertThat(dueAfter()).isEqualTo(100);
    }

    @Test
    void keepsAnEighthOfItsAgeWaiting_whatComesLate() {
        pace.took(FRESH);
        commit(5);
        pace.took(9_000);
        pace.took(4_000);
        pace.took(8_000);

        assertThat(dueAfter()).isEqualTo(500);
    }

    @Test
    void neverWaitsLongerThanTwoSeconds_howeverLateAndSlowItIs() {
        pace.took(FRESH);
        commit(9_000);
        pace.took(Duration.ofDays(4000).toMillis());
        assertThat(dueAfter()).isEqualTo(2_000);

        pace.took(-5_000);
        commit(0);
        pace.took(-5_000);
        assertThat(dueAfter()).isEqualTo(20);
    }

    @Test
    void waitsForTheInterval_whenItIsLongerThanTwoSeconds() {
        CommitPace slow = new CommitPace(Duration.ofSeconds(5), () -> nanos);
        slow.took(FRESH);
        slow.begin();
        slow.took(FRESH);
        pass(4_999);
        assertThat(slow.isDue()).isFalse();

        pass(1);
        assertThat(slow.isDue()).isTrue();
    }

    private void commit(long millis) {
        pace.begin();
        pass(millis);
        assertThat(pace.isDue()).isFalse();
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    /** Milliseconds until it is due. */
    private long dueAfter() {
        for (long waited = 0; waited < 100_000; waited++) {
            if (pace.isDue()) {
                return waited;
            }
            pass(1);
        }
        return -1;
    }
}
