package io.millrace.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Inputs that are almost right, and some that are nothing like it: examples with a few mutations, JSON that a grammar made with
 * extremes for values, and noise. The n-th input of a seed is always the same. Not thread-safe.
 */
public final class BadInput {
    private static final int LONGEST = 96 * 1024;
    private static final int DEEPEST = 5_000;
    private static final int SELDOM = 400;

    private final SplittableRandom random;
    private final List<byte[]> examples;

    /** @param examples of what is right, or nearly */
    public BadInput(long seed, List<byte[]> examples) {
        this.random = new SplittableRandom(seed);
        this.examples = List.copyOf(examples);
    }

    /** The next one; now and then it is right. */
    public byte[] next() {
        byte[] made = switch (random.nextInt(10)) {
            case 0 -> noise(random.nextInt(200));
            case 1, 2, 3 -> grown();
            case 4 -> mutated(grown());
            default -> mutated(pick(examples).clone());
        };
        if (random.nextInt(SELDOM) == 0) {
            made = huge();
        } else if (random.nextInt(SELDOM) == 0) {
            made = new String(made, UTF_8).getBytes(random.nextBoolean() ? UTF_16LE : ISO_8859_1);
        }
        return made.length <= LONGEST ? made : Arrays.copyOf(made, LONGEST);
    }

    /** An event as on user-events whose frame is mostly right, so that what is in it is taken: odd times, odd properties. */
    public byte[] nextEvent() {
        StringBuilder json =
                new StringBuilder("{\"id\":\"e").append(random.nextInt()).append("\"");
        json.append(",\"source\":\"web\",\"").append(random.nextInt(8) == 0 ? "anonymousId" : "userId");
        json.append("\":\"u").append(random.nextInt(40)).append("\",\"kind\":\"");
        boolean identify = random.nextInt(8) == 0;
        json.append(identify ? "identify" : "track")
                .append("\",\"name\":\"")
                .append(pick(Extremes.EVENTS))
                .append('"');
        for (String name : List.of(identify ? "traits" : "properties", "context")) {
            if (random.nextInt(4) > 0) {
                json.append(",\"").append(name).append("\":");
                object(json, 2);
            }
        }
        for (String name : List.of("timestamp", "receivedAt")) {
            json.append(",\"").append(name).append("\":");
            if (random.nextInt(6) == 0) {
                text(json, pick(Extremes.TIMES));
            } else {
                likely(json, name);
            }
        }
        byte[] event =
                json.append(",\"timestampBasis\":\"producer\"}").toString().getBytes(UTF_8);
        return random.nextInt(20) == 0 ? mutation(event) : event;
    }

    /** A number below a bound, of the same sequence. */
    public int choose(int below) {
        return random.nextInt(below);
    }

    /** Random bytes. */
    public byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] grown() {
        StringBuilder json = new StringBuilder();
        object(json, 0);
        return json.toString().getBytes(UTF_8);
    }

    private void object(StringBuilder json, int depth) {
        json.append('{');
        for (int i = random.nextInt(8); i > 0; i--) {
            String name = pick(Extremes.NAMES);
            json.append('"').append(name).append("\":");
            value(json, name, depth + 1);
            json.append(i > 1 ? "," : "");
        }
        json.append('}');
    }

    private void value(StringBuilder json, String name, int depth) {
        switch (random.nextInt(9)) {
            case 0 -> json.append(pick(Extremes.NUMBERS));
            case 1 -> text(json, pick(Extremes.TIMES));
            case 2 -> text(json, pick(Extremes.TEXTS));
            case 3 -> json.append(random.nextInt(-10, 1_000));
            case 4 -> json.append(pick(List.of("null", "true", "false")));
            case 5 -> array(json, name, depth);
            case 6 -> likely(json, name);
            default -> {
                if (depth < 6) {
                    object(json, depth);
                } else {
                    likely(json, name);
                }
            }
        }
    }

    private void array(StringBuilder json, String name, int depth) {
        json.append('[');
        for (int i = depth < 6 ? random.nextInt(4) : 0; i > 0; i--) {
            value(json, name, depth + 1);
            json.append(i > 1 ? "," : "");
        }
        json.append(']');
    }

    /** What the field may be, so that the rest of the event is looked at too. */
    private void likely(StringBuilder json, String name) {
        switch (name) {
            case "kind" -> text(json, pick(List.of("track", "identify", "page", "screen", "group", "alias")));
            case "name" -> text(json, pick(List.of("product_viewed", "product_added", "order_completed", "viewed")));
            case "properties", "traits", "context", "features" ->
                json.append("{\"price\":").append(pick(Extremes.NUMBERS)).append('}');
            case "timestamp", "sentAt", "receivedAt", "failedAt", "at", "originalTimestamp" ->
                text(json, "2026-11-2" + random.nextInt(10) + "T12:00:00.000Z");
            default -> text(json, "u" + random.nextInt(50));
        }
    }

    private static void text(StringBuilder json, String text) {
        json.append('"').append(text).append('"');
    }

    private byte[] mutated(byte[] bytes) {
        byte[] now = bytes;
        // None leaves an example, one changes it: what is broken in three places is mostly just no JSON.
        for (int i = random.nextInt(4); i > 0; i--) {
            now = random.nextInt(3) == 0 ? mutation(now) : valueReplaced(now);
        }
        return now;
    }

    private byte[] mutation(byte[] bytes) {
        int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        int to = Math.min(bytes.length, at + 1 + random.nextInt(40));
        switch (random.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1 -> {
                return joined(bytes, at, noise(1 + random.nextInt(6)), to);
            }
            case 2 -> {
                return joined(bytes, at, new byte[0], to);
            }
            case 3 -> {
                return joined(bytes, to, Arrays.copyOfRange(bytes, at, to), to);
            }
            case 4 -> {
                byte[] other = pick(examples);
                int from = other.length == 0 ? 0 : random.nextInt(other.length);
                return joined(bytes, at, Arrays.copyOfRange(other, from, other.length), random.nextBoolean() ? at : to);
            }
            case 5 -> {
                return joined(bytes, at, pick(Extremes.STRUCTURE).getBytes(UTF_8), at);
            }
            default -> {
                if (bytes.length > 0) {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
                return bytes;
            }
        }
    }

    /** What stands behind some colon, up to the next comma or brace, becomes something else. */
    private byte[] valueReplaced(byte[] bytes) {
        int colon = bytes.length == 0 ? -1 : random.nextInt(bytes.length);
        while (colon >= 0 && bytes[colon] != ':') {
            colon--;
        }
        int end = colon + 1;
        while (end < bytes.length && bytes[end] != ',' && bytes[end] != '}') {
            end++;
        }
        StringBuilder value = new StringBuilder();
        value(value, pick(Extremes.NAMES), 3);
        return joined(bytes, colon + 1, value.toString().getBytes(UTF_8), end);
    }

    private byte[] huge() {
        return switch (random.nextInt(5)) {
            case 0 ->
                ("{\"userId\":\"u1\",\"name\":\"x\",\"properties\":" + "{\"a\":".repeat(random.nextInt(DEEPEST)))
                        .getBytes(UTF_8);
            case 1 -> "[".repeat(random.nextInt(LONGEST)).getBytes(UTF_8);
            case 2 -> ("{\"userId\":\"" + "u".repeat(random.nextInt(LONGEST)) + "\"}").getBytes(UTF_8);
            case 3 -> ("{\"price\":" + "9".repeat(random.nextInt(LONGEST)) + "}").getBytes(UTF_8);
            default ->
                ("{\"properties\":{" + "\"a\":1,".repeat(random.nextInt(LONGEST / 6)) + "\"b\":2}}").getBytes(UTF_8);
        };
    }

    private static byte[] joined(byte[] bytes, int head, byte[] middle, int tail) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length + middle.length);
        all.write(bytes, 0, head);
        all.writeBytes(middle);
        all.write(bytes, tail, bytes.length - tail);
        return all.toByteArray();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
