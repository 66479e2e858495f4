package io.millrace.ingest.receive.mqtt;

import io.millrace.identity.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, to all listeners of this door, and what is remembered of who was. A client id is its source's own: no
 * device throws out one of another. Thread-safe.
 */
final class Devices {
    /** One device of a source. */
    record Name(Source source, String clientId) {}

    /** Each is kept for as long as its device is connected. */
    private final Room wills;

    private final Map<Name, Device> connected = new ConcurrentHashMap<>();
    private final Map<Name, Deliveries> remembered;

    /**
     * Knows nobody.
     *
     * @param most devices that are gone and remembered
     * @param wills bytes that all of them may take together
     */
    Devices(int most, long wills) {
        this.wills = new Room(wills);
        remembered = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Name, Deliveries> eldest) {
                return size() > most;
            }
        };
    }

    /** Makes room for a will; false where all of them together would be too large. */
    boolean keep(int bytes) {
        return wills.take(bytes);
    }

    void release(int bytes) {
        wills.give(bytes);
    }

    int connected() {
        return connected.size();
    }

    List<Device> all() {
        return List.copyOf(connected.values());
    }

    /** The one that had the name until now, which somebody has to tell; null where nobody had it. */
    @Nullable
    Device enter(Name name, Device device) {
        return connected.put(name, device);
    }

    /** @return whether it had the name still */
    boolean leave(Name name, Device device) {
        return connected.remove(name, device);
    }

    /** What a device of this name has sent lately, to which it may come back. */
    Deliveries deliveries(Name name) {
        synchronized (remembered) {
            Deliveries known = remembered.remove(name);
            Deliveries deliveries = known == null ? new Deliveries() : known;
            remembered.put(name, deliveries);
            return deliveries;
        }
    }
}
