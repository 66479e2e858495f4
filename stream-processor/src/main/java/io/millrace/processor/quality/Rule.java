package io.millrace.processor.quality;

import io.millrace.identity.ModelVersion;
import io.millrace.model.Manifest;
import io.millrace.model.Reference;
import io.millrace.prediction.Inputs;
import io.millrace.processor.feature.OutcomeRule;
import io.millrace.quality.QualityCounts;
import io.millrace.quality.QualityRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is watched of one model version: its outcome, its reference, or both. Immutable. */
final class Rule {
    /** One of the reference's features: its place among them, and in the dense input. */
    private record Place(int feature, int at, Bins bins) {}

    /** {@link Reference.Bins} without boxes. */
    private record Bins(float[] edges) {
        static Bins of(Reference.Bins bins) {
            float[] edges = new float[bins.edges().size()];
            for (int i = 0; i < edges.length; i++) {
                edges[i] = bins.edges().get(i);
            }
            return new Bins(edges);
        }

        /** The number of edges below the value: bins are open below and closed above. */
        int bin(float value) {
            int low = 0;
            int high = edges.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (value <= edges[middle]) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bins that && Arrays.equals(edges, that.edges);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(edges);
        }
    }

    final Manifest manifest;
    /** Of the version; part of what is stored of users. */
    final long key;
    /** Null where only drift is watched. */
    final @Nullable OutcomeRule outcome;

    private final @Nullable Bins score;
    private final List<Place> places;

    Rule(Manifest manifest) {
        this.manifest = manifest;
        this.key = key(manifest.model());
        this.outcome = manifest.outcome() == null ? null : new OutcomeRule(manifest.outcome());
        Reference reference = manifest.reference();
        this.score = reference == null ? null : Bins.of(reference.score());
        this.places = reference == null ? List.of() : places(manifest, reference);
    }

    static boolean isFor(Manifest manifest) {
        return manifest.outcome() != null || manifest.reference() != null;
    }

    /** Whether predictions wait for what their users do later. */
    boolean waits() {
        return outcome != null && !outcome.isOwn();
    }

    /** The outcome's, of a rule that {@link #waits}. */
    OutcomeRule waitsFor() {
        if (outcome == null) {
            throw new IllegalStateException(manifest.model() + " has no outcome");
        }
        return outcome;
    }

    QualityCounts newCounts() {
        return QualityRecord.counts(manifest.reference());
    }

    /** Counts a prediction's score and inputs. */
    void count(QualityCounts counts, Inputs inputs, float value) {
        counts.predicted();
        if (score != null) {
            counts.score(score.bin(value));
        }
        float[] values = inputs.values();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            counts.feature(place.feature(), place.bins().bin(values[place.at()]));
        }
    }

    /** A feature that the model no longer has, or that is a vector, stays at 0. */
    private static List<Place> places(Manifest manifest, Reference reference) {
        List<Place> places = new ArrayList<>();
        List<String> names = List.copyOf(reference.features().keySet());
        int at = 0;
        for (var feature : manifest.features()) {
            Reference.Bins bins = reference.features().get(feature.name());
            if (bins != null && feature.width() == 1) {
                places.add(new Place(names.indexOf(feature.name()), at, Bins.of(bins)));
            }
            at += feature.width();
        }
        return List.copyOf(places);
    }

    /** 64 bits of FNV-1a (Fowler, Noll and Vo): versions of one deployment that meet would be told apart by nothing. */
    private static long key(ModelVersion model) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : model.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        return hash;
    }

    Set<String> names() {
        return outcome == null ? Set.of() : outcome.names();
    }
}
