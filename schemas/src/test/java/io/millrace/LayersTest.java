package io.millrace;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The layers of docs/architecture.md: a line may use only lines above it, and packages on one line never each other. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    @ArchTest
    static final ArchRule importsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("identity")
            .definedBy("io.millrace.identity..")
            .layer("config")
            .definedBy("io.millrace.config..")
            .layer("json")
            .definedBy("io.millrace.json..")
            .layer("contract")
            .definedBy("io.millrace.contract..")
            .layer("grpc")
            .definedBy("io.millrace.grpc..")
            .layer("event")
            .definedBy("io.millrace.event..")
            .layer("prediction")
            .definedBy("io.millrace.prediction..")
            .layer("model")
            .definedBy("io.millrace.model..")
            .layer("deadletter")
            .definedBy("io.millrace.deadletter..")
            .layer("log")
            .definedBy("io.millrace.log..")
            .layer("meter")
            .definedBy("io.millrace.meter..")
            .layer("trace")
            .definedBy("io.millrace.trace..")
            .layer("quality")
            .definedBy("io.millrace.quality..")
            .layer("codec")
            .definedBy("io.millrace.codec..")
            .layer("topic")
            .definedBy("io.millrace.topic..")
            .layer("layout")
            .definedBy("io.millrace.layout..")
            .layer("pipeline")
            .definedBy("io.millrace.pipeline..")
            .whereLayer("identity")
            .mayNotAccessAnyLayer()
            .whereLayer("layout")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayNotAccessAnyLayer()
            .whereLayer("json")
            .mayNotAccessAnyLayer()
            .whereLayer("contract")
            .mayNotAccessAnyLayer()
            .whereLayer("grpc")
            .mayNotAccessAnyLayer()
            .whereLayer("event")
            .mayOnlyAccessLayers("identity", "json", "config", "contract")
            .whereLayer("prediction")
            .mayOnlyAccessLayers("identity", "json", "config", "contract")
            .whereLayer("model")
            .mayOnlyAccessLayers("identity", "json", "config", "contract")
            .whereLayer("deadletter")
            .mayOnlyAccessLayers("identity", "json", "config", "contract")
            .whereLayer("log")
            .mayOnlyAccessLayers("identity", "json", "config", "contract")
            .whereLayer("meter")
            .mayOnlyAccessLayers("identity", "json", "config", "contract")
            .whereLayer("trace")
            .mayOnlyAccessLayers("identity", "json", "config", "contract", "log")
            .whereLayer("quality")
            .mayOnlyAccessLayers("identity", "json", "config", "contract", "prediction", "model")
            .whereLayer("codec")
            .mayOnlyBeAccessedByLayers("pipeline")
            .whereLayer("topic")
            .mayOnlyBeAccessedByLayers("pipeline")
            .whereLayer("pipeline")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule everyClassHasARoom = classes()
            .should()
            .resideInAnyPackage(
                    "io.millrace.identity..",
                    "io.millrace.json..",
                    "io.millrace.config..",
                    "io.millrace.contract..",
                    "io.millrace.grpc..",
                    "io.millrace.event..",
                    "io.millrace.prediction..",
                    "io.millrace.model..",
                    "io.millrace.deadletter..",
                    "io.millrace.log..",
                    "io.millrace.meter..",
                    "io.millrace.trace..",
                    "io.millrace.quality..",
                    "io.millrace.codec..",
                    "io.millrace.topic..",
                    "io.millrace.layout..",
                    "io.millrace.pipeline..");
}
