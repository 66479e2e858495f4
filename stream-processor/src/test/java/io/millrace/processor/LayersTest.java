package io.millrace.processor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The layers of docs/architecture.md: a line may use only lines above it, and packages on one line never each other. */
@AnalyzeClasses(packages = "io.millrace.processor", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String ROOT = "io.millrace.processor";

    @ArchTest
    static final ArchRule importsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("observe")
            .definedBy(ROOT + ".observe..")
            .layer("feature")
            .definedBy(ROOT + ".feature..")
            .layer("enrich")
            .definedBy(ROOT + ".enrich..")
            .layer("featurize")
            .definedBy(ROOT + ".featurize..")
            .layer("model")
            .definedBy(ROOT + ".model..")
            .layer("deadletter")
            .definedBy(ROOT + ".deadletter..")
            .layer("store")
            .definedBy(ROOT + ".store..")
            .layer("registry")
            .definedBy(ROOT + ".registry..")
            .layer("quality")
            .definedBy(ROOT + ".quality..")
            .layer("score")
            .definedBy(ROOT + ".score..")
            .layer("swap")
            .definedBy(ROOT + ".swap..")
            .layer("move")
            .definedBy(ROOT + ".move..")
            .layer("train")
            .definedBy(ROOT + ".train..")
            .layer("evaluate")
            .definedBy(ROOT + ".evaluate..")
            .layer("verify")
            .definedBy(ROOT + ".verify..")
            .layer("serve")
            .definedBy(ROOT + ".serve..")
            .layer("topology")
            .definedBy(ROOT + ".topology..")
            .layer("process")
            .definedBy(ROOT)
            .whereLayer("observe")
            .mayNotAccessAnyLayer()
            .whereLayer("feature")
            .mayNotAccessAnyLayer()
            .whereLayer("enrich")
            .mayOnlyAccessLayers("observe", "feature")
            .whereLayer("featurize")
            .mayOnlyAccessLayers("observe", "feature")
            .whereLayer("model")
            .mayOnlyAccessLayers("observe", "feature")
            .whereLayer("deadletter")
            .mayOnlyAccessLayers("observe", "feature")
            .whereLayer("store")
            .mayOnlyAccessLayers("observe", "feature")
            .whereLayer("quality")
            .mayOnlyAccessLayers("observe", "feature")
            .whereLayer("score")
            .mayOnlyAccessLayers("observe", "feature", "enrich", "featurize", "model", "deadletter", "store", "quality")
            .whereLayer("swap")
            .mayOnlyAccessLayers("observe", "feature", "model", "score")
            .whereLayer("move")
            .mayOnlyAccessLayers("score")
            .whereLayer("train")
            .mayOnlyAccessLayers("observe", "feature", "enrich", "featurize", "model", "deadletter", "store")
            .whereLayer("registry")
            .mayOnlyAccessLayers("observe", "feature", "enrich", "featurize", "model", "deadletter", "store")
            .whereLayer("evaluate")
            .mayOnlyAccessLayers("observe", "feature", "enrich", "featurize", "model", "deadletter", "store", "train")
            .whereLayer("verify")
            .mayOnlyAccessLayers("observe", "feature", "model", "registry")
            .whereLayer("serve")
            .mayOnlyBeAccessedByLayers("topology", "process")
            .whereLayer("topology")
            .mayOnlyBeAccessedByLayers("process")
            .whereLayer("process")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule theTrainersRoomsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("file")
            .definedBy(ROOT + ".train.file..")
            .layer("measure")
            .definedBy(ROOT + ".train.measure..")
            .layer("config")
            .definedBy(ROOT + ".train.config..")
            .layer("example")
            .definedBy(ROOT + ".train.example..")
            .layer("trainer")
            .definedBy(ROOT + ".train")
            .whereLayer("file")
            .mayNotAccessAnyLayer()
            .whereLayer("measure")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayOnlyAccessLayers("file")
            .whereLayer("example")
            .mayOnlyAccessLayers("file", "config")
            .whereLayer("trainer")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheModelRoomKnowsDjl = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".model..")
            .should()
            .dependOnClassesThat(resideInAPackage("ai.djl.."));

    @ArchTest
    static final ArchRule onlyTheStoreSpeaksSql = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".store..")
            .should()
            .dependOnClassesThat(resideInAPackage("java.sql..").or(resideInAPackage("javax.sql..")));

    @ArchTest
    static final ArchRule onlyTheTopologysRoomsKnowStreams = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT, ROOT + ".topology..", ROOT + ".score..", ROOT + ".serve..", ROOT + ".deadletter..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.kafka.streams.."));

    @ArchTest
    static final ArchRule onlyObserveAndServeSpeakHttp = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".observe..", ROOT + ".serve..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx.."));

    @ArchTest
    static final ArchRule theDoorIsAnotherHouse =
            noClasses().should().dependOnClassesThat(resideInAPackage("io.millrace.ingest.."));
}
