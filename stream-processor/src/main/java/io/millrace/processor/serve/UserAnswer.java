package io.millrace.processor.serve;

import io.millrace.grpc.v1.GetUserResponse;
import io.millrace.grpc.v1.LiveFeatures;
import io.millrace.grpc.v1.Profile;
import io.millrace.processor.feature.FeatureResult;
import io.millrace.processor.score.UserSteps;
import java.nio.charset.StandardCharsets;

/** A user as it stands, for each of the models. */
final class UserAnswer {
    private UserAnswer() {}

    static GetUserResponse of(ModelSet set, UserSteps.Standing standing) {
        GetUserResponse.Builder answer =
                GetUserResponse.newBuilder().setAsOfMs(standing.asOf().toEpochMilli());
        standing.newest().ifPresent(newest -> answer.setLastEventMs(newest.toEpochMilli()));
        standing.profile()
                .ifPresent(profile -> answer.setProfile(Profile.newBuilder()
                        .setTraitsJson(new String(
                                profile.traits().array(),
                                profile.traits().offset(),
                                profile.traits().length(),
                                StandardCharsets.UTF_8))
                        .setUpdatedMs(profile.updatedAt().toEpochMilli())));
        for (ServedModel model : set.models()) {
            LiveFeatures.Builder live = LiveFeatures.newBuilder().setModel(model.ref());
            FeatureResult result = standing.inputs(model.manifest().model());
            if (result instanceof FeatureResult.Computed computed) {
                live.setInputs(InputsReader.write(computed.inputs()));
            } else if (result instanceof FeatureResult.Refused refused) {
                live.setReason(refused.detail());
            }
            answer.addLive(live);
        }
        return answer.build();
    }
}
