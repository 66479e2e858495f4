package io.millrace.processor.serve;

import com.google.protobuf.ByteString;
import io.millrace.codec.DeploymentCodec;
import io.millrace.grpc.v1.InstanceStatus;
import io.millrace.grpc.v1.ListRegisteredResponse;
import io.millrace.grpc.v1.ModelDeployment;
import io.millrace.grpc.v1.ModelVersionInfo;
import io.millrace.grpc.v1.RegisteredModel;
import io.millrace.grpc.v1.VersionState;
import io.millrace.model.Deployment;
import io.millrace.model.Manifest;
import io.millrace.model.RegisteredVersion;
import io.millrace.processor.model.Catalog.Content;
import io.millrace.processor.model.ModelState;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What ModelService answers, made of what the registry knows. */
final class ModelAnswers {
    private ModelAnswers() {}

    static ListRegisteredResponse all(Content content) {
        ListRegisteredResponse.Builder answer = ListRegisteredResponse.newBuilder();
        TreeSet<String> names = new TreeSet<>(content.deployments().keySet());
        content.versions().keySet().forEach(version -> names.add(version.name()));
        names.forEach(name -> answer.addModels(Objects.requireNonNull(model(content, name, false))));
        return answer.build();
    }

    /** Null where there is none of that name. */
    static @Nullable RegisteredModel model(Content content, String name, boolean withManifests) {
        List<RegisteredVersion> versions = content.versions().values().stream()
                .filter(version -> version.manifest().model().name().equals(name))
                .sorted(Comparator.comparing(RegisteredVersion::at)
                        .thenComparing(version -> version.manifest().model().version())
                        .reversed())
                .toList();
        Deployment deployment = content.deployments().get(name);
        if (versions.isEmpty() && deployment == null) {
            return null;
        }
        RegisteredModel.Builder model = RegisteredModel.newBuilder().setName(name);
        versions.forEach(version -> model.addVersions(version(version, withManifests)));
        if (deployment != null) {
            model.setDeployment(deployment(deployment));
        }
        return model.build();
    }

    static ModelVersionInfo version(RegisteredVersion version, boolean withManifest) {
        Manifest manifest = version.manifest();
        ModelVersionInfo.Builder info = ModelVersionInfo.newBuilder()
                .setName(manifest.model().name())
                .setVersion(manifest.model().version())
                .setSha256(manifest.sha256().hex())
                .setBytes(version.bytes())
                .setKind(manifest.kind().name().toLowerCase(Locale.ROOT))
                .setLabel(manifest.label())
                .setThreshold(manifest.threshold())
                .setBy(version.by())
                .setAtMs(version.at().toEpochMilli())
                .setIsSigned(version.signature() != null)
                .setLicence(manifest.provenance().licence())
                .setTrainedOn(manifest.provenance().trainedOn())
                .putAllMetrics(manifest.provenance().metrics());
        return withManifest ? info.setManifest(version.yaml()).build() : info.build();
    }

    static ModelDeployment deployment(Deployment deployment) {
        return ModelDeployment.newBuilder()
                .setJson(ByteString.copyFrom(DeploymentCodec.encode(deployment)))
                .build();
    }

    /** @param name of the model, or empty for all */
    static InstanceStatus instance(String address, List<ModelState> states, String name) {
        InstanceStatus.Builder status = InstanceStatus.newBuilder().setAddress(address);
        for (ModelState state : states) {
            if (name.isEmpty() || state.model().name().equals(name)) {
                status.addStates(VersionState.newBuilder()
                        .setName(state.model().name())
                        .setVersion(state.model().version())
                        .setRole(state.role() == null ? "" : state.role().text())
                        .setPhase(state.phase().name().toLowerCase(Locale.ROOT))
                        .setDetail(Objects.requireNonNullElse(state.detail(), ""))
                        .setSinceMs(state.since().toEpochMilli()));
            }
        }
        return status.build();
    }
}
