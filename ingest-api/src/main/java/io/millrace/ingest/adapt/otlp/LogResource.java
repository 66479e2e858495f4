package io.millrace.ingest.adapt.otlp;

import io.millrace.identity.Sha256;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What made log records: a program, a page, and the scope in it.
 *
 * @param attributes of the resource, but for long ones
 * @param kept those that go into each event
 * @param scope its name; empty where it has none
 * @param scopeVersion empty where it has none
 * @param digest of all that was sent of both
 */
record LogResource(
        Map<String, AnyValue> attributes,
        Map<String, AnyValue> kept,
        String scope,
        String scopeVersion,
        String digest) {
    /** In bytes, of all that is kept: what goes into each event must not make a large body of a small one. */
    static final int MOST_KEPT = 2 * 1024;

    /** In bytes or characters, of one value. */
    private static final int LONG = 512;

    /** The attributes in their order while there is room; of processes, whose command lines are long and may be secret, none. */
    static LogResource of(Resource resource, InstrumentationScope scope) {
        Map<String, AnyValue> attributes = LogJson.byKey(resource.getAttributesList());
        attributes.values().removeIf(value -> value.getSerializedSize() > LONG);
        Map<String, AnyValue> kept = new LinkedHashMap<>();
        int room = MOST_KEPT;
        for (Map.Entry<String, AnyValue> attribute : attributes.entrySet()) {
            int size = attribute.getKey().length() + attribute.getValue().getSerializedSize();
            if (!attribute.getKey().startsWith("process.") && size <= room) {
                room -= size;
                kept.put(attribute.getKey(), attribute.getValue());
            }
        }
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(resource.toByteArray());
        sent.writeBytes(scope.toByteArray());
        return new LogResource(
                attributes,
                kept,
                shortened(scope.getName()),
                shortened(scope.getVersion()),
                Sha256.of(sent.toByteArray()).toString());
    }

    private static String shortened(String text) {
        return text.length() <= LONG ? text : "";
    }
}
