package io.millrace.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.Reason;
import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;

/**
 * Registered versions on models, as json/registered-version.schema.json says. The manifest travels as the text it was
 * registered with, because a signature is over its characters; name, version and sha256 stand beside it for readers that
 * want no more. Instants are cut to milliseconds.
 */
public final class RegisteredVersionCodec {
    private RegisteredVersionCodec() {}

    public static byte[] encode(RegisteredVersion version) {
        Manifest manifest = version.manifest();
        ObjectNode tree = RecordTree.object()
                .put("name", manifest.model().name())
                .put("version", manifest.model().version())
                .put("sha256", manifest.sha256().hex())
                .put("bytes", version.bytes())
                .put("chunks", version.chunks())
                .put("offset", version.offset())
                .put("by", version.by())
                .put("at", Timestamps.format(version.at()));
        if (version.signature() != null) {
            tree.put("signature", version.signature());
        }
        return RecordTree.write(tree.put("manifest", version.yaml()));
    }

    /**
     * Reads a registered version.
     *
     * @throws DecodeException if the bytes are none, or the manifest is none or another version's
     */
    public static RegisteredVersion decode(byte[] bytes) throws DecodeException {
        RecordTree tree = RecordTree.read(bytes);
        String yaml = tree.text("manifest");
        Manifest manifest = ManifestCodec.read(yaml.getBytes(UTF_8));
        same(manifest.model().name(), tree.text("name"), "name");
        same(manifest.model().version(), tree.text("version"), "version");
        same(manifest.sha256().hex(), tree.text("sha256"), "sha256");
        try {
            return new RegisteredVersion(
                    manifest,
                    yaml,
                    tree.whole("bytes"),
                    tree.intValue("chunks"),
                    tree.whole("offset"),
                    tree.text("by"),
                    tree.instant("at"),
                    tree.optionalText("signature"));
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static void same(String manifest, String field, String name) throws DecodeException {
        if (!manifest.equals(field)) {
            throw new DecodeException(
                    Reason.UNDECODABLE, name + " \"" + field + "\": expected the manifest's, \"" + manifest + "\"");
        }
    }
}
