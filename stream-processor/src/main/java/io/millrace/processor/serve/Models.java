package io.millrace.processor.serve;

/** The models that score at this moment. A set never changes; another takes its place. Thread-safe. */
@FunctionalInterface
public interface Models {
    ModelSet current();
}
