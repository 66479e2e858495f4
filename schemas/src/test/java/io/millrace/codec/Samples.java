package io.millrace.codec;

import io.millrace.deadletter.DeadLetter;
import io.millrace.deadletter.Reason;
import io.millrace.event.Event;
import io.millrace.event.EventKind;
import io.millrace.event.EventTimes;
import io.millrace.identity.EventId;
import io.millrace.identity.ModelVersion;
import io.millrace.identity.PredictionId;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.Traceparent;
import io.millrace.json.JsonObject;
import io.millrace.prediction.Inputs;
import io.millrace.prediction.Prediction;
import io.millrace.prediction.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records to write and read: usual ones and random ones, the same for the same seed. */
final class Samples {
    private static final Instant NOON = Instant.parse("2019-10-01T12:00:00.123Z");
    private static final Source SHOP = new Source("shop");
    private static final Traceparent TRACE = new Traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private Samples() {}

    /** About 350 bytes, as a shop sends them. */
    static Event event() {
        return new Event(
                new EventId("018f2c5e-7b1a-7c3d-9e4f-1a2b3c4d5e6f"),
                SHOP,
                "541312140",
                null,
                EventKind.TRACK,
                "product_viewed",
                JsonObject.of(
                        "{\"product_id\":\"44600062\",\"category_id\":\"2103807459595387724\",\"brand\":\"shiseido\","
                                + "\"price\":35.79,\"session_id\":\"72d76fde-8bb3-4e00-8c23-a032dfed738c\"}"),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                new EventTimes(NOON, null, NOON.plusMillis(40), NOON, EventTimes.Basis.PRODUCER));
    }

    /** 32 features, as the default model has about that many. */
    static Prediction prediction() {
        List<Inputs.Slot> slots = new ArrayList<>();
        float[] values = new float[32];
        Random random = new Random(7);
        for (int i = 0; i < values.length; i++) {
            slots.add(new Inputs.Slot("feature_of_some_name_" + i, 1));
            values[i] = i % 2 == 0 ? random.nextInt(10) : (float) Math.log1p(random.nextInt(1000));
        }
        return prediction(new Inputs(List.copyOf(slots), values, null), 0.7312859f);
    }

    static Prediction prediction(Inputs inputs, float score) {
        EventId event = new EventId("018f2c5e-7b1a-7c3d-9e4f-1a2b3c4d5e6f");
        ModelVersion model = new ModelVersion("purchase-intent", "1.0.0");
        return new Prediction(
                PredictionId.of(SHOP, event, model),
                event,
                SHOP,
                "541312140",
                null,
                model,
                Sha256.of(new byte[] {1}),
                Role.CHAMPION,
                score,
                "purchase",
                0.35f,
                inputs,
                NOON,
                NOON.plusMillis(40),
                NOON.plusMillis(47),
                TRACE);
    }

    static DeadLetter deadLetter() {
        return new DeadLetter(
                Reason.SCORE_NOT_FINITE,
                "score NaN of \"purchase-intent\": expected a finite number",
                DeadLetter.Stage.SCORE,
                new DeadLetter.Origin("user-events", 3, 9_876_543_210L),
                SHOP,
                "e1",
                "purchase-intent@1.0.0",
                new byte[] {0, 1, -1},
                new byte[] {'{', (byte) 0xff, '}'},
                true,
                2,
                NOON,
                TRACE);
    }

    static Event event(Random random) {
        EventKind kind = oneOf(random, EventKind.values());
        boolean known = random.nextBoolean();
        Instant received = instant(random);
        return new Event(
                new EventId(text(random, EventId.MAX_LENGTH)),
                SHOP,
                known ? text(random, 256) : null,
                known && random.nextBoolean() ? null : text(random, 256),
                kind,
                kind == EventKind.TRACK || random.nextBoolean() ? text(random, 60) : null,
                object(random),
                object(random),
                object(random),
                new EventTimes(
                        random.nextBoolean() ? instant(random) : null,
                        random.nextBoolean() ? instant(random) : null,
                        received,
                        instant(random),
                        oneOf(random, EventTimes.Basis.values())));
    }

    static Inputs inputs(Random random) {
        List<Inputs.Slot> slots = new ArrayList<>();
        int width = 0;
        for (int i = random.nextInt(20); i > 0; i--) {
            Inputs.Slot slot = new Inputs.Slot("f" + i, random.nextInt(4) == 0 ? 1 + random.nextInt(50) : 1);
            slots.add(slot);
            width += slot.width();
        }
        Inputs.Sequence sequence = null;
        if (random.nextBoolean()) {
            int steps = random.nextInt(20);
            sequence = new Inputs.Sequence(List.of("a", "b", "c"), steps, floats(random, steps * 3));
        }
        return new Inputs(slots, floats(random, width), sequence);
    }

    /** Any finite bits, and now and then what numbers usually are. */
    static float finite(Random random) {
        float any = Float.intBitsToFloat(random.nextInt());
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(2_000) - 1_000;
            case 1 -> random.nextBoolean() ? -0.0f : (float) random.nextGaussian();
            default -> Float.isFinite(any) ? any : 0;
        };
    }

    /** Of all planes and escapes, but nothing that the door refuses. */
    static String text(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(longest);
        while (text.length() < length) {
            int point = switch (random.nextInt(5)) {
                case 0 -> 1 + random.nextInt(0x1f);
                case 1 -> 0x80 + random.nextInt(0x2000);
                case 2 -> 0x10000 + random.nextInt(0x10000);
                default -> 0x20 + random.nextInt(0x5f);
            };
            if (text.length() + Character.charCount(point) <= length) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }

    static Instant instant(Random random) {
        // The years 1900 to 2100.
        return Instant.ofEpochMilli(-2_208_988_800_000L + (long) (random.nextDouble() * 6.3e12));
    }

    private static <T> T oneOf(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static JsonObject object(Random random) {
        JsonWriter json = new JsonWriter(16);
        json.raw('{');
        for (int i = random.nextInt(4); i > 0; i--) {
            json.text(text(random, 8));
            json.raw(':');
            switch (random.nextInt(3)) {
                case 0 -> json.text(text(random, 300));
                case 1 -> json.number(finite(random));
                default ->
                    json.raw("[ {\"a\" : [1, null, true]} ]".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
            json.raw(i > 1 ? ',' : ' ');
        }
        json.raw('}');
        return json.toJsonObject();
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = finite(random);
        }
        return values;
    }
}
