package io.millrace.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The rooms of the chaos run and the benchmarks' load; the rest of this module may use everything. */
@AnalyzeClasses(packages = "io.millrace.standalone", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    private static final String ROOT = "io.millrace.standalone.chaos";
    private static final String BENCH = "io.millrace.standalone.bench";

    /** What judges shares nothing with what is judged: not a codec, not a name of a topic. */
    @ArchTest
    static final ArchRule theCheckerKnowsNothingOfThePipeline = noClasses()
            .that()
            .resideInAPackage(ROOT + ".check..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.millrace..").and(resideOutsideOfPackage(ROOT + ".check..")));

    @ArchTest
    static final ArchRule theCheckerReadsTopicsAndTablesAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + ".check..")
            .should()
            .dependOnClassesThat(resideOutsideOfPackage("java..")
                    .and(resideOutsideOfPackage(ROOT + ".check.."))
                    .and(resideOutsideOfPackage("org.apache.kafka.clients.."))
                    .and(resideOutsideOfPackage("org.apache.kafka.common.."))
                    .and(resideOutsideOfPackage("com.fasterxml.jackson.."))
                    .and(resideOutsideOfPackage("org.jspecify..")));

    /** What loads a door knows of HTTP alone. */
    @ArchTest
    static final ArchRule theLoadKnowsNothingOfThePipeline = noClasses()
            .that()
            .resideInAPackage(BENCH + ".load..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.millrace..").and(resideOutsideOfPackage(BENCH + ".load..")));

    @ArchTest
    static final ArchRule importsPointOneWay = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("check")
            .definedBy(ROOT + ".check..")
            .layer("cluster")
            .definedBy(ROOT + ".cluster..")
            .layer("load")
            .definedBy(ROOT + ".load..")
            .layer("fault")
            .definedBy(ROOT + ".fault..")
            .layer("run")
            .definedBy(ROOT)
            .whereLayer("check")
            .mayOnlyBeAccessedByLayers("run")
            .whereLayer("load")
            .mayNotAccessAnyLayer()
            .whereLayer("cluster")
            .mayNotAccessAnyLayer()
            .whereLayer("fault")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("run")
            .mayNotBeAccessedByAnyLayer();
}
