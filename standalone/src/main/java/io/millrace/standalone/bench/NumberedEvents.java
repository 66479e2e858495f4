package io.millrace.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.standalone.bench.load.HttpPost;
import io.millrace.standalone.bench.load.Requests;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Posts of single events whose ids are numbers that go on from run to run, so that what becomes of each can be told. Rendered
 * beforehand but for the number and the user. Used by one thread.
 */
final class NumberedEvents implements Requests {
    /** What an id begins with; ten digits follow, so that who reads it needs to parse nothing else. */
    static final String ID = "lat-";

    static final int ID_DIGITS = 10;
    private static final String USER = "user-";
    private static final int USER_DIGITS = 6;
    private static final int USERS = 100_000;
    private static final int RENDERED = 256;

    private final HttpPost[] posts = new HttpPost[RENDERED];
    private final int idAt;
    private final int userAt;
    private final SplittableRandom users = new SplittableRandom(1);
    private long base;

    NumberedEvents(InetSocketAddress door, String writeKey) {
        Random random = new Random(1);
        Map<String, String> headers = Map.of(
                "authorization",
                "Basic " + Base64.getEncoder().encodeToString((writeKey + ":").getBytes(UTF_8)),
                "content-type",
                "application/json");
        for (int i = 0; i < RENDERED; i++) {
            // A view, as two thirds of a shop's events: of other names a model may make no prediction.
            String body = String.format(
                    "{\"id\":\"%s%010d\",\"userId\":\"%s%06d\",\"name\":\"product_viewed\",\"properties\":{\"product_id\":\"p%04d\","
                            + "\"category_id\":\"c%02d\",\"price\":%03d.5}}",
                    ID, 0, USER, 0, random.nextInt(5_000), random.nextInt(100), 100 + random.nextInt(200));
            posts[i] = HttpPost.of(door, "/v1/events", headers, body);
        }
        idAt = posts[0].indexOf(ID) + ID.length();
        userAt = posts[0].indexOf(USER) + USER.length();
    }

    /** The next run's numbers begin there. */
    void beginAt(long number) {
        base = number;
    }

    @Override
    public void put(long number, ByteBuffer into) {
        into.put(posts[(int) (number % RENDERED)].bytes());
        digits(into, idAt, ID_DIGITS, base + number);
        digits(into, userAt, USER_DIGITS, users.nextInt(USERS));
    }

    private static void digits(ByteBuffer into, int at, int count, long number) {
        long left = number;
        for (int i = at + count - 1; i >= at; i--) {
            into.put(i, (byte) ('0' + left % 10));
            left /= 10;
        }
    }
}
