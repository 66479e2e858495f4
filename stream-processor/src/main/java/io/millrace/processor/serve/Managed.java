package io.millrace.processor.serve;

import io.millrace.processor.model.ModelState;
import io.millrace.processor.registry.ModelRegistry;
import java.util.List;
import java.util.function.Supplier;

/**
 * What ModelService answers for.
 *
 * @param registry of models
 * @param states of the versions on this instance
 * @param largest artifact that is taken, in bytes
 */
public record Managed(ModelRegistry registry, Supplier<List<ModelState>> states, long largest) {}
