package io.millrace.standalone.chaos.check;

import java.util.UUID;

/** A record on predictions, and the rows of its id. */
final class Predicted {
    final UUID id;
    final Fate event;
    final String model;
    final int partition;
    final long offset;
    final long featureTime;
    /** Of all fields that the store keeps. */
    final long fingerprint;
    /** What the model's feature says that counts the user's events; negative where it has none. */
    final int counted;

    int rows;
    boolean rowDiffers;

    Predicted(
            UUID id,
            Fate event,
            String model,
            int partition,
            long offset,
            long featureTime,
            long fingerprint,
            int counted) {
        this.id = id;
        this.event = event;
        this.model = model;
        this.partition = partition;
        this.offset = offset;
        this.featureTime = featureTime;
        this.fingerprint = fingerprint;
        this.counted = counted;
    }
}
