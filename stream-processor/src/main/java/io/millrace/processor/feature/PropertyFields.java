package io.millrace.processor.feature;

import io.millrace.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The properties that some feature wants, and what of each: its number, its hash, whether it equals a text, its vector.
 * Each want has a number under which an {@link Observation} keeps it. Filled while a plan is compiled, read-only after.
 */
final class PropertyFields {
    /** The property that is not in the properties: the event's name. */
    static final String NAME = "$name";

    /** What is wanted of one property; −1 where nothing is. */
    private static final class Field {
        final JsonFields.Name name;
        int number = -1;
        int hash = -1;
        int vector = -1;
        final List<String> texts = new ArrayList<>();
        final List<Integer> tests = new ArrayList<>();

        Field(String name) {
            this.name = new JsonFields.Name(name);
        }
    }

    private final Map<String, Field> fields = new HashMap<>();
    /** Those in an event's properties; few, so that looking through them is the fastest. */
    private final List<Field> inProperties = new ArrayList<>();

    private int numbers;
    private int hashes;
    private int tests;
    private final List<Integer> vectorSizes = new ArrayList<>();

    int number(String property) {
        Field field = field(property);
        if (field.number < 0) {
            field.number = numbers++;
        }
        return field.number;
    }

    int hash(String property) {
        Field field = field(property);
        if (field.hash < 0) {
            field.hash = hashes++;
        }
        return field.hash;
    }

    int test(String property, String text) {
        Field field = field(property);
        int known = field.texts.indexOf(text);
        if (known >= 0) {
            return field.tests.get(known);
        }
        field.texts.add(text);
        field.tests.add(tests);
        return tests++;
    }

    int vector(String property, int size) {
        Field field = field(property);
        if (field.vector < 0) {
            field.vector = vectorSizes.size();
            vectorSizes.add(size);
        }
        vectorSizes.set(field.vector, Math.max(size, vectorSizes.get(field.vector)));
        return field.vector;
    }

    private Field field(String property) {
        return fields.computeIfAbsent(property, name -> {
            Field field = new Field(name);
            if (!name.equals(NAME)) {
                inProperties.add(field);
            }
            return field;
        });
    }

    Observation.Values read(String name, JsonObject properties) {
        Observation.Values values = nothing();
        Field named = fields.get(NAME);
        if (named != null) {
            text(named, name, values);
        }
        if (properties.isEmpty() || inProperties.isEmpty()) {
            return values;
        }
        JsonFields json = new JsonFields(properties);
        while (json.next()) {
            for (int i = 0; i < inProperties.size(); i++) {
                Field field = inProperties.get(i);
                if (json.isNamed(field.name)) {
                    read(json, field, values);
                    break;
                }
            }
        }
        return values;
    }

    /** Of no event: everything is absent, its name too. */
    Observation.Values nothing() {
        return new Observation.Values(numbers, hashes, tests, vectorSizes.size());
    }

    /** Overwrites what the field had: of a name that stands twice, the last holds. */
    private void read(JsonFields json, Field field, Observation.Values values) {
        if (field.number >= 0) {
            values.numbers[field.number] = json.number();
        }
        if (field.vector >= 0) {
            values.vectors[field.vector] = json.vector(vectorSizes.get(field.vector));
        }
        if (field.hash < 0 && field.tests.isEmpty()) {
            return;
        }
        String text = json.text();
        if (text == null) {
            untext(field, values);
        } else {
            text(field, text, values);
        }
    }

    private static void text(Field field, String text, Observation.Values values) {
        if (field.hash >= 0) {
            values.hashes[field.hash] = TextHash.of(text);
            values.hashed[field.hash] = true;
        }
        for (int i = 0; i < field.texts.size(); i++) {
            values.tests[field.tests.get(i)] = field.texts.get(i).equals(text) ? 1f : 0f;
        }
    }

    private static void untext(Field field, Observation.Values values) {
        if (field.hash >= 0) {
            values.hashed[field.hash] = false;
        }
        for (int test : field.tests) {
            values.tests[test] = Float.NaN;
        }
    }
}
