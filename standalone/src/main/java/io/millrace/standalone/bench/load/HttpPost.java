package io.millrace.standalone.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A request rendered beforehand.
 *
 * @param bytes head and body; nobody writes to them
 * @param body where the body begins
 */
public record HttpPost(byte[] bytes, int body) {
    /**
     * Renders it.
     *
     * @param path such as /v1/events
     * @param headers beside host and content-length
     */
    public static HttpPost of(InetSocketAddress door, String path, Map<String, String> headers, String body) {
        byte[] content = body.getBytes(UTF_8);
        StringBuilder head = new StringBuilder();
        head.append("POST ").append(path).append(" HTTP/1.1\r\nhost: ");
        head.append(door.getHostString()).append(':').append(door.getPort()).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("content-length: ").append(content.length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(UTF_8);
        byte[] all = new byte[start.length + content.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return new HttpPost(all, start.length);
    }

    /** Where a text first stands in the body, counted from the request's beginning. */
    public int indexOf(String text) {
        int found = new String(bytes, body, bytes.length - body, UTF_8).indexOf(text);
        if (found < 0) {
            throw new IllegalArgumentException("the body does not have " + text);
        }
        return body + found;
    }
}
