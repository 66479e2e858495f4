package io.millrace.standalone.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds and checks TCP ports on the loopback address. */
public final class Ports {
    static final String LOOPBACK = "127.0.0.1";

    /** Below the range from which Linux, macOS and Windows take the ports of outgoing connections. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int TRIES = 200;

    private Ports() {}

    /**
     * A port that nothing listens on. It is not one of the ephemeral ports, which an outgoing connection may take while
     * a server restarts: a client that reconnects to such a port can even connect to itself.
     */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new StartFailedException("No free port from " + FIRST + " to " + LAST + " in " + TRIES + " tries.");
    }

    /**
     * Gives back the port asked for, or a free one for 0.
     *
     * @throws StartFailedException if something listens there
     */
    public static int claim(int port, String owner, String flag) {
        if (port == 0) {
            return free();
        }
        if (!isFree(port)) {
            throw new StartFailedException("Port " + port + " for " + owner + " is taken on " + LOOPBACK
                    + "; choose another with " + flag + " (0 picks a free one).");
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
