package io.millrace.ingest.adapt.cloudevents;

import io.millrace.deadletter.Reason;
import io.millrace.ingest.adapt.Adapted;
import io.millrace.ingest.adapt.Adapter;
import io.millrace.ingest.adapt.Candidate;
import io.millrace.ingest.adapt.ObjectText;
import io.millrace.ingest.outcome.Refusal;
import io.millrace.ingest.validate.Slice;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event whose attributes are headers and whose data is the body. */
final class BinaryAdapter implements Adapter {
    private static final String PREFIX = "ce-";

    private final @Nullable String key;
    private final @Nullable String contentType;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private final int most;

    BinaryAdapter(
            @Nullable String key, @Nullable String contentType, Iterable<Map.Entry<String, String>> headers, int most) {
        this.key = key;
        this.contentType = contentType;
        this.most = most;
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
                this.headers.add(Map.entry(name.substring(PREFIX.length()), header.getValue()));
            }
        }
    }

    /** Whether headers have any attribute of an event. */
    static boolean isSaidBy(Iterable<Map.Entry<String, String>> headers) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean mayNameSender() {
        return key != null;
    }

    @Override
    public Adapted read(byte[] body) {
        Attributes attributes = new Attributes();
        if (contentType != null && !contentType.isBlank()) {
            attributes.put("datacontenttype", Attribute.of(contentType));
        }
        int length = body.length;
        for (Map.Entry<String, String> header : headers) {
            length += header.getKey().length() + header.getValue().length();
            take(attributes, header.getKey(), header.getValue());
        }
        Refusal wrong = length <= most
                ? null
                : Refusal.of(Reason.EVENT_TOO_LARGE, "the event", length + " bytes", "at most " + most);
        Payload payload = wrong == null ? Payload.of(body, attributes.dataType()) : Payload.NOTHING;
        Candidate candidate = Translation.of(attributes, payload, wrong, () -> sent(attributes, body));
        return new Adapted(key, List.of(candidate));
    }

    private void take(Attributes attributes, String name, String value) {
        if (name.equals("datacontenttype") && attributes.get(name) != null) {
            // The binding forbids it beside a Content-Type, which counts.
            return;
        }
        String text = HeaderText.decode(value);
        if (text == null) {
            attributes.refuse(Refusal.of(
                    Reason.INVALID_UTF8,
                    "header ce-" + Refusal.shorten(name),
                    value,
                    "percent-encoded UTF-8 (RFC 3629)"));
        } else {
            attributes.put(name, Attribute.of(text));
        }
    }

    /** A dead letter has no headers: it keeps the event in structured form. */
    private static Slice sent(Attributes attributes, byte[] body) {
        ObjectText event = new ObjectText();
        event.begin();
        attributes.writeAll(event);
        if (body.length > 0) {
            event.name("data_base64");
            event.quoted(Base64.getEncoder().encodeToString(body));
        }
        event.end();
        byte[] bytes = event.bytes();
        return new Slice(bytes, 0, bytes.length);
    }
}
