package io.millrace.ingest.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.outcome.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GunzipTest {
    private static final int LIMIT = 1_000_000;

    @Test
    void givesTheBody_upToTheLimit() throws Exception {
        assertThat(Gunzip.decompress(gzip(LIMIT), LIMIT))
                .isInstanceOfSatisfying(
                        Gunzip.Result.Body.class,
                        body -> assertThat(body.bytes()).hasSize(LIMIT));
    }

    @Test
    void refusesABomb() throws Exception {
        assertThat(Gunzip.decompress(gzip(500_000_000), LIMIT))
                .isEqualTo(new Gunzip.Result.Unreadable(new Problem.BodyTooLarge(LIMIT)));
    }

    @Test
    void refuses_whenItIsNoGzipOrBreaksOff() throws Exception {
        byte[] whole = gzip(1_000);

        for (byte[] broken : new byte[][] {{}, {1, 2, 3}, Arrays.copyOf(whole, whole.length - 5)}) {
            assertThat(Gunzip.decompress(broken, LIMIT))
                    .isInstanceOfSatisfying(
                            Gunzip.Result.Unreadable.class,
                            unreadable -> assertThat(unreadable.problem()).isInstanceOf(Problem.BadRequest.class));
        }
    }

    @Test
    void readsEveryMember_andNothingElse() throws Exception {
        byte[] member = gzip(100);
        byte[] two = Arrays.copyOf(member, 2 * member.length);
        System.arraycopy(member, 0, two, member.length, member.length);

        assertThat(Gunzip.decompress(two, LIMIT))
                .isInstanceOfSatisfying(
                        Gunzip.Result.Body.class,
                        body -> assertThat(body.bytes()).hasSize(200));
        for (int junk : new int[] {1, 2, 8, 9, 17, 18, 19, 100, 5_000}) {
            for (byte[] whole : new byte[][] {member, two}) {
                assertThat(Gunzip.decompress(Arrays.copyOf(whole, whole.length + junk), LIMIT))
                        .as(junk + " bytes after the end")
                        .isInstanceOfSatisfying(
                                Gunzip.Result.Unreadable.class,
                                unreadable -> assertThat(unreadable.problem().detail())
                                        .contains("something else"));
            }
        }
    }

    private static byte[] gzip(int zeros) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 16];
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int left = zeros; left > 0; left -= block.length) {
                gzip.write(block, 0, Math.min(left, block.length));
            }
        }
        return bytes.toByteArray();
    }
}
