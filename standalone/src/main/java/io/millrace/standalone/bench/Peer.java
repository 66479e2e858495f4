package io.millrace.standalone.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another program that takes the same events, which its user has started: a line of a command such as
 * {@code gin=http://127.0.0.1:8081@4711}.
 *
 * @param name in figures
 * @param pid of its first process; what that started counts too
 */
public record Peer(String name, InetSocketAddress address, long pid) {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]*)=(http://[^@]+)@(\\d+)");

    /** @throws IllegalArgumentException with a sentence */
    public static Peer parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "peer \"" + text + "\": expected NAME=URL@PID, such as gin=http://127.0.0.1:8081@4711");
        }
        URI url = URI.create(form.group(2));
        if (url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException("peer \"" + text + "\": expected a URL with host and port");
        }
        return new Peer(
                form.group(1), new InetSocketAddress(url.getHost(), url.getPort()), Long.parseLong(form.group(3)));
    }

    Running running() throws BenchFailedException {
        return new Running(List.of(ProcessHandle.of(pid)
                .orElseThrow(() -> new BenchFailedException("peer " + name + " does not run: no process " + pid))));
    }
}
