package io.millrace.standalone.bench;

/**
 * Bytes of records at a moment, or between two.
 *
 * @param in written to the broker, as they come, compressed
 * @param out read from it
 * @param disk in the logs of all topics, changelogs included; what was deleted meanwhile is missing
 */
record Traffic(long in, long out, long disk) {
    Traffic since(Traffic before) {
        return new Traffic(in - before.in, out - before.out, disk - before.disk);
    }
}
