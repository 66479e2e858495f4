package io.millrace.processor.score;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/** Streams' own window stores, each in a {@link SeenStore}. */
record SeenStoreSupplier(WindowBytesStoreSupplier plain) implements WindowBytesStoreSupplier {
    static SeenStoreSupplier of(String name) {
        return new SeenStoreSupplier(
                Stores.persistentWindowStore(name, SeenEvents.RETENTION, SeenEvents.WINDOW, false));
    }

    @Override
    public WindowStore<Bytes, byte[]> get() {
        return new SeenStore(plain.get());
    }

    @Override
    public String name() {
        return plain.name();
    }

    @Override
    public String metricsScope() {
        return plain.metricsScope();
    }

    @Override
    public long segmentIntervalMs() {
        return plain.segmentIntervalMs();
    }

    @Override
    public long windowSize() {
        return plain.windowSize();
    }

    @Override
    public boolean retainDuplicates() {
        return plain.retainDuplicates();
    }

    @Override
    public long retentionPeriod() {
        return plain.retentionPeriod();
    }
}
