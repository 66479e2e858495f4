package io.millrace.standalone.bench;

import java.nio.file.Path;

/**
 * What all benchmarks of a sitting share.
 *
 * @param folder of data and logs
 * @param bootstrap of the broker
 * @param broker its process
 */
record Sitting(Path folder, String bootstrap, Child broker) {}
