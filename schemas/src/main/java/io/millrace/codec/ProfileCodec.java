package io.millrace.codec;

import static io.millrace.codec.JsonWriter.name;
import static io.millrace.codec.RecordReader.required;

import io.millrace.deadletter.Reason;
import io.millrace.event.Profile;
import io.millrace.identity.Source;
import io.millrace.identity.UserKey;
import io.millrace.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Profiles on user-profiles, as json/profile.schema.json says. */
public final class ProfileCodec {
    private static final byte[] SOURCE = name("{\"source\"");
    private static final byte[] USER_ID = name(",\"userId\"");
    private static final byte[] ANONYMOUS_ID = name(",\"anonymousId\"");
    private static final byte[] TRAITS = name(",\"traits\"");
    private static final byte[] UPDATED_AT = name(",\"updatedAt\"");
    private static final int USUAL_LENGTH = 256;

    private ProfileCodec() {}

    public static byte[] encode(Profile profile) {
        UserKey user = profile.user();
        JsonWriter json = new JsonWriter(USUAL_LENGTH + profile.traits().length());
        json.text(SOURCE, user.source().name());
        json.text(user.anonymous() ? ANONYMOUS_ID : USER_ID, user.id());
        json.object(TRAITS, profile.traits());
        json.instant(UPDATED_AT, profile.updatedAt());
        json.raw('}');
        return json.toByteArray();
    }

    /**
     * Reads a profile. The profile keeps the array: nobody may write to it after.
     *
     * @throws DecodeException if the bytes are no profile
     */
    public static Profile decode(byte[] bytes) throws DecodeException {
        String source = null;
        String userId = null;
        String anonymousId = null;
        JsonObject traits = null;
        Instant updatedAt = null;
        try (RecordReader reader = new RecordReader(bytes)) {
            reader.begin();
            for (String field = reader.field(); field != null; field = reader.field()) {
                switch (field) {
                    case "source" -> source = reader.text(field);
                    case "userId" -> userId = reader.text(field, UserKey.MAX_ID_LENGTH);
                    case "anonymousId" -> anonymousId = reader.text(field, UserKey.MAX_ID_LENGTH);
                    case "traits" -> traits = reader.object(field);
                    case "updatedAt" -> updatedAt = reader.instant(field);
                    default -> reader.skip();
                }
            }
            reader.end();
            UserKey user = user(new Source(required(source, "source")), userId, anonymousId);
            return new Profile(user, required(traits, "traits"), required(updatedAt, "updatedAt"));
        } catch (IOException e) {
            throw RecordReader.malformed(e);
        } catch (IllegalArgumentException e) {
            throw new DecodeException(Reason.UNDECODABLE, String.valueOf(e.getMessage()));
        }
    }

    private static UserKey user(Source source, @Nullable String userId, @Nullable String anonymousId)
            throws DecodeException {
        if ((userId == null) == (anonymousId == null)) {
            throw new DecodeException(
                    Reason.MISSING_FIELD, "a profile has either userId or anonymousId, not both or none of them");
        }
        return userId != null
                ? new UserKey(source, false, userId)
                : new UserKey(source, true, Objects.requireNonNull(anonymousId));
    }
}
