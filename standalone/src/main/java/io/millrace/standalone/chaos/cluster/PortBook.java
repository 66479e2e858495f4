package io.millrace.standalone.chaos.cluster;

import io.millrace.standalone.embedded.Ports;
import java.util.HashSet;
import java.util.Set;

/** Free ports, none of them twice. */
final class PortBook {
    private final Set<Integer> taken = new HashSet<>();

    int next() {
        int port = Ports.free();
        while (!taken.add(port)) {
            port = Ports.free();
        }
        return port;
    }
}
