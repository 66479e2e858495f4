package io.millrace.processor.model;

import io.millrace.codec.ManifestCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@link TrialProcess} runs: reads a model from standard input, tries it out, answers on standard output. */
final class TrialMain {
    private TrialMain() {}

    public static void main(String[] args) throws Exception {
        // Whatever logs to standard output must not garble the answer.
        System.setOut(System.err);
        DataInputStream in = new DataInputStream(System.in);
        byte[] manifest = in.readNBytes(in.readInt());
        byte[] artifact = in.readNBytes(in.readInt());
        Duration trial = Duration.ofMillis(in.readLong());
        List<Integer> buckets = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            buckets.add(in.readInt());
        }
        String answer = TrialProcess.ACCEPTED;
        try {
            ModelFiles files = ModelFiles.of(ManifestCodec.read(manifest), artifact);
            LoadedModel.load(files, new ModelLimits(Math.max(1, artifact.length), trial, buckets))
                    .close();
        } catch (ModelRefusedException e) {
            answer = String.valueOf(e.getMessage());
        }
        DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        out.writeUTF(answer);
        out.flush();
        // A model that hangs would hold up, or crash, an orderly end.
        Runtime.getRuntime().halt(0);
    }
}
