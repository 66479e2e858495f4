package io.millrace.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.deadletter.Reason;
import io.millrace.event.Erasure;
import io.millrace.identity.Sha256;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import org.jspecify.annotations.Nullable;

/** The records on erasures, as json/erasure.schema.json says. Instants are cut to milliseconds. */
public final class ErasureCodec {
    private ErasureCodec() {}

    public static byte[] encode(Erasure erasure) {
        ObjectNode tree =
                RecordTree.object().put("hash", erasure.hash().hex()).put("at", Timestamps.format(erasure.at()));
        UserKey user = erasure.user();
        if (user != null) {
            tree.put("source", user.source().name()).put(user.anonymous() ? "anonymousId" : "userId", user.id());
        }
        return RecordTree.write(tree);
    }

    /**
     * Reads a record.
     *
     * @throws DecodeException if the bytes are none
     */
    public static Erasure decode(byte[] bytes) throws DecodeException {
        RecordTree tree = RecordTree.read(bytes);
        try {
            return new Erasure(new Sha256(tree.text("hash")), tree.instant("at"), user(tree));
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable UserKey user(RecordTree tree) throws DecodeException {
        String source = tree.optionalText("source");
        String known = tree.optionalText("userId");
        String anonymous = tree.optionalText("anonymousId");
        if (source == null || (known == null && anonymous == null)) {
            return null;
        }
        return known != null
                ? new UserKey(new Source(source), false, known)
                : new UserKey(new Source(source), true, String.valueOf(anonymous));
    }
}
