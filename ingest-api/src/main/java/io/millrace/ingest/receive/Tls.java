package io.millrace.ingest.receive;

import java.nio.file.Path;

/**
 * The door's certificate. Both files are PEM, and are read again when they change.
 *
 * @param certificate the server's, then those that lead to its root
 * @param key unencrypted: PKCS#8, PKCS#1 or SEC 1
 */
public record Tls(Path certificate, Path key) {}
