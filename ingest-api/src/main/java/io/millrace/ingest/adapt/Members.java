package io.millrace.ingest.adapt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object that parsed before: where each name with its value stands, so that objects are joined byte by
 * byte. Of a name that stands twice the last one counts. Immutable.
 */
public final class Members {
    /** Of nothing. */
    public static final Members NONE = new Members(new byte[0], Map.of());

    /** Where a member stands: its name and its value. */
    private record Member(int from, Value value) {}

    private final byte[] body;
    private final Map<String, Member> byName;

    private Members(byte[] body, Map<String, Member> byName) {
        this.body = body;
        this.byName = byName;
    }

    /**
     * Reads an object; of nothing, and of anything else, there are none.
     *
     * @param text with flawed bytes masked, as it was parsed before
     * @param body the same, as it came: what is written comes from here
     */
    public static Members of(JsonFactory factory, byte[] text, byte[] body, @Nullable Value object) {
        if (object == null || !object.isObject()) {
            return NONE;
        }
        Map<String, Member> byName = new LinkedHashMap<>();
        try (JsonParser json = factory.createParser(text, object.from(), object.to() - object.from())) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                int from = object.from() + (int) json.currentTokenLocation().getByteOffset();
                json.nextToken();
                byName.put(name, new Member(from, Value.read(json).movedBy(object.from())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was parsed once parses again", e);
        }
        return new Members(body, byName);
    }

    /** Null where there is none of this name. */
    @Nullable
    public Value get(String name) {
        Member member = byName.get(name);
        return member == null ? null : member.value();
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Writes all but those of these names. */
    public void write(ObjectText to, Set<String> but) {
        byName.forEach((name, member) -> {
            if (!but.contains(name)) {
                to.member(body, member.from(), member.value().to());
            }
        });
    }
}
