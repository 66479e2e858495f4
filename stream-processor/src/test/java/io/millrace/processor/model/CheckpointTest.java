package io.millrace.processor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.model.Manifest.Recurrent.Cell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fit that was stopped goes on as if it had not been. */
final class CheckpointTest {
    private static final InputShape SHAPE = new InputShape(List.of("sequence", "features"), 2, 4, 2);
    private static final FitSettings SETTINGS =
            new FitSettings(new FitSettings.Recurrent(Cell.GRU, 4), List.of(4), 0.01f, 0.001f, 32, 8, 8, 2, 11);

    private final NetworkTrainer.Checkpoint checkpoint;

    CheckpointTest(@TempDir Path folder) {
        checkpoint = new NetworkTrainer.Checkpoint(folder.resolve("fit.checkpoint"), Duration.ZERO);
    }

    @Test
    void resumed_endsWithTheSameWeights() {
        FittedNetwork whole = NetworkTrainer.fit(set(1), set(2), SETTINGS, epoch -> {});

        for (int stop : new int[] {2, 5}) {
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> NetworkTrainer.fit(
                            set(1), set(2), SETTINGS, epoch -> stopAt(epoch.number(), stop), checkpoint));
        }
        List<Integer> epochs = new ArrayList<>();
        FittedNetwork resumed =
                NetworkTrainer.fit(set(1), set(2), SETTINGS, epoch -> epochs.add(epoch.number()), checkpoint);

        assertThat(epochs).startsWith(6);
        assertThat(resumed.artifact()).isEqualTo(whole.artifact());
        assertThat(resumed.epochs()).isEqualTo(whole.epochs());
    }

    @Test
    void finished_isNotFittedAgain() {
        FittedNetwork first = NetworkTrainer.fit(set(1), null, SETTINGS, epoch -> {}, checkpoint);

        FittedNetwork again = NetworkTrainer.fit(
                set(1),
                null,
                SETTINGS,
                epoch -> {
                    throw new StoppedException();
                },
                checkpoint);

        assertThat(again.artifact()).isEqualTo(first.artifact());
    }

    @Test
    void refused_whenItIsOfAnotherFitOrNone() throws Exception {
        NetworkTrainer.fit(set(1), null, SETTINGS, epoch -> {}, checkpoint);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkTrainer.fit(set(3), null, SETTINGS, epoch -> {}, checkpoint))
                .withMessageContaining("is of a training with other data or settings");
        Files.writeString(checkpoint.file(), "no checkpoint");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkTrainer.fit(set(1), null, SETTINGS, epoch -> {}, checkpoint))
                .withMessageContaining("is no checkpoint");
    }

    private static void stopAt(int epoch, int stop) {
        if (epoch == stop) {
            throw new StoppedException();
        }
    }

    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static TrainingSet set(long seed) {
        Random random = new Random(seed);
        int size = 200;
        float[] values = new float[size * 2];
        float[] steps = new float[size * 8];
        float[] labels = new float[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < 8; j++) {
                steps[i * 8 + j] = (float) random.nextGaussian();
            }
            values[2 * i] = (float) random.nextGaussian();
            values[2 * i + 1] = (float) random.nextGaussian();
            labels[i] = values[2 * i] + steps[i * 8 + 6] > 0.3 ? 1 : 0;
        }
        return new TrainingSet(SHAPE, values, steps, labels);
    }
}
