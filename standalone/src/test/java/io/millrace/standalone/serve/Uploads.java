package io.millrace.standalone.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.standalone.registry.Pushed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Uploads as clients with large models, and clients that go away, make them. */
final class Uploads {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private Uploads() {}

    /** A TorchScript file is a ZIP archive, and may hold more than the model. */
    static byte[] padded(String file, int size) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(Pushed.file(file).toFile());
                ZipOutputStream to = new ZipOutputStream(bytes)) {
            String folder = "";
            for (ZipEntry entry : Collections.list(from.entries())) {
                folder = entry.getName().substring(0, entry.getName().indexOf('/'));
                try (InputStream content = from.getInputStream(entry)) {
                    put(to, entry.getName(), content.readAllBytes());
                }
            }
            to.flush();
            byte[] padding = new byte[size - bytes.size() - 4_096];
            new Random(1).nextBytes(padding);
            put(to, folder + "/extra/padding", padding);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream to, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        to.putNextEntry(entry);
        to.write(bytes);
        to.closeEntry();
    }

    /** Sends half of an artifact and hangs up, once the processor has some of it. */
    static void leaveInTheMiddle(int port, String authorization, Pushed model) throws IOException {
        Set<Path> before = parts();
        byte[] head = ("--edge\r\nContent-Disposition: form-data; name=\"manifest\"; filename=\"manifest\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n" + model.yaml()
                        + "\r\n--edge\r\nContent-Disposition: form-data; name=\"artifact\"; filename=\"artifact\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/models/" + model.name() + "/versions HTTP/1.1\r\nHost: millrace\r\nAuthorization: "
                            + authorization + "\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: "
                            + (head.length + model.artifact().length + 12) + "\r\n\r\n")
                    .getBytes(UTF_8));
            out.write(head);
            out.write(model.artifact(), 0, model.artifact().length / 2);
            out.flush();
            ScoringStage.await("the processor has some of it", () -> parts().equals(before) ? null : socket);
        }
        ScoringStage.await("nothing of it is left", () -> parts().equals(before) ? before : null);
    }

    private static Set<Path> parts() {
        try (Stream<Path> files = Files.list(TEMPORARY)) {
            return files.filter(file -> file.getFileName().toString().startsWith("millrace-upload"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
