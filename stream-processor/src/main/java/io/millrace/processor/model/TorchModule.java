package io.millrace.processor.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.translate.TranslateException;
import io.millrace.model.Manifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;

/**
 * What runs: a TorchScript module or a network of ours, behind one forward. Holds the native weights; several threads may
 * run it at once, since nobody writes to them.
 */
final class TorchModule implements AutoCloseable {
    private final AutoCloseable owner;
    private final NDManager manager;
    private final Block block;
    private final ParameterStore parameters;

    private TorchModule(AutoCloseable owner, NDManager manager, Block block) {
        this.owner = owner;
        this.manager = manager;
        this.block = block;
        this.parameters = new ParameterStore(manager, false);
    }

    /**
     * Loads the artifact.
     *
     * @throws ModelRefusedException if it is not of the manifest's kind
     */
    static TorchModule open(ModelFiles files) throws ModelRefusedException {
        return switch (files.manifest().kind()) {
            case TORCHSCRIPT -> script(files);
            case DJL -> network(files);
        };
    }

    private static TorchModule script(ModelFiles files) throws ModelRefusedException {
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        try {
            // Tensors that were saved on another device come to the CPU.
            Block block =
                    JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(files.artifact()), true, false);
            return new TorchModule(manager, manager, block);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw new ModelRefusedException(
                    files.manifest().model() + ": artifact " + files.manifest().artifact() + " is no TorchScript file: "
                            + Sentence.of(e),
                    e);
        }
    }

    private static TorchModule network(ModelFiles files) throws ModelRefusedException {
        Manifest manifest = files.manifest();
        Model model = Model.newInstance(manifest.model().toString(), Device.cpu(), "PyTorch");
        try {
            Network network = new Network(
                    Objects.requireNonNull(manifest.network()), InputShape.of(manifest), model.getNDManager());
            model.setBlock(network.learned());
            model.load(new ByteArrayInputStream(files.artifact()));
            network.check();
            return new TorchModule(model, model.getNDManager(), network);
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw new ModelRefusedException(
                    manifest.model() + ": artifact " + manifest.artifact()
                            + " does not hold the parameters of the manifest's network: " + Sentence.of(e),
                    e);
        }
    }

    /** A manager for one batch's tensors; close it with the batch, or native memory grows. */
    NDManager batchManager() {
        return manager.newSubManager();
    }

    /** Runs the model; what comes out belongs to the manager of the first input. */
    NDArray forward(NDList inputs) throws TranslateException {
        NDList outputs = block.forward(parameters, inputs, false);
        if (outputs.size() != 1) {
            throw new TranslateException("it answered " + outputs.size() + " tensors, expected one");
        }
        return outputs.get(0);
    }

    @Override
    public void close() {
        try {
            owner.close();
        } catch (Exception e) {
            throw new IllegalStateException("native memory of a model could not be freed", e);
        }
    }
}
