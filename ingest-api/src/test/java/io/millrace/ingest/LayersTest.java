package io.millrace.ingest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The layers of the door: a line may use only lines above it, and packages on one line never each other. */
@AnalyzeClasses(packages = "io.millrace.ingest", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String ROOT = "io.millrace.ingest";
    private static final String[] FIRST = {"outcome", "observe"};
    private static final String[] SECOND = {"outcome", "observe", "authorize", "validate", "admit", "publish"};

    @ArchTest
    static final ArchRule importsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("outcome")
            .definedBy(ROOT + ".outcome..")
            .layer("observe")
            .definedBy(ROOT + ".observe..")
            .layer("authorize")
            .definedBy(ROOT + ".authorize..")
            .layer("validate")
            .definedBy(ROOT + ".validate..")
            .layer("admit")
            .definedBy(ROOT + ".admit..")
            .layer("publish")
            .definedBy(ROOT + ".publish..")
            .layer("adapt")
            .definedBy(ROOT + ".adapt..")
            .layer("accept")
            .definedBy(ROOT + ".accept..")
            .layer("ask")
            .definedBy(ROOT + ".ask..")
            .layer("receive")
            .definedBy(ROOT + ".receive..")
            .layer("query")
            .definedBy(ROOT + ".query..")
            .layer("ingest")
            .definedBy(ROOT)
            .whereLayer("outcome")
            .mayNotAccessAnyLayer()
            .whereLayer("observe")
            .mayNotAccessAnyLayer()
            .whereLayer("authorize")
            .mayOnlyAccessLayers(FIRST)
            .whereLayer("validate")
            .mayOnlyAccessLayers(FIRST)
            .whereLayer("admit")
            .mayOnlyAccessLayers(FIRST)
            .whereLayer("publish")
            .mayOnlyAccessLayers(FIRST)
            .whereLayer("adapt")
            .mayOnlyAccessLayers("outcome", "validate")
            .whereLayer("accept")
            .mayOnlyAccessLayers(SECOND)
            .whereLayer("ask")
            .mayOnlyAccessLayers(SECOND)
            .whereLayer("receive")
            .mayOnlyBeAccessedByLayers("ingest")
            .whereLayer("query")
            .mayOnlyBeAccessedByLayers("ingest")
            .whereLayer("ingest")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheReadSideSpeaksSql = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".query..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer.."));

    @ArchTest
    static final ArchRule onlyTheFrontSpeaksHttp = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, ROOT + ".receive..", ROOT + ".ask..", ROOT + ".query..", ROOT + ".observe..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx.."));

    @ArchTest
    static final ArchRule onlyPublishAndTheReadSideSpeakKafka = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".publish..", ROOT + ".query..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.kafka.."));

    @ArchTest
    static final ArchRule theProcessorIsAnotherHouse =
            noClasses().should().dependOnClassesThat(resideInAPackage("io.millrace.processor.."));
}
