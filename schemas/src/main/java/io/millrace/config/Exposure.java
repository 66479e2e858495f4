package io.millrace.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What may listen where: outside of this machine only what is protected, unless somebody says that it may. */
public final class Exposure {
    private Exposure() {}

    /** Whether only this machine reaches what listens there. A name that cannot be looked up is no such address. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Refuses an address that others reach in the clear. */
    public static void check(Settings settings, Key<String> host) {
        String given = settings.get(host);
        if (!settings.get(SharedKeys.ALLOW_INSECURE) && !isLoopback(given)) {
            settings.error(
                    host.path() + ": given \"" + given + "\", where others reach it in the clear; expected a loopback"
                            + " address such as 127.0.0.1, or " + SharedKeys.ALLOW_INSECURE.path()
                            + "=true where something in front of it protects it");
        }
    }
}
