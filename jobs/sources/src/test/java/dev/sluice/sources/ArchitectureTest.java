package dev.sluice.sources;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.sluice.sources", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** What asks sources of metrics; everything else is told. */
    private static final String CLIENTS = "dev.sluice.sources.metrics.pull..";

    private static final String HTTP = "dev.sluice.sources.http..";

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.sluice.(**)").should().beFreeOfCycles();

    /** Clients of metrics included: time is an argument. */
    @ArchTest
    static final ArchRule nothingReadsAClockOrAFile = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    Files.class,
                    File.class,
                    FileInputStream.class,
                    FileOutputStream.class,
                    FileReader.class,
                    FileWriter.class,
                    RandomAccessFile.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.channels..", "java.nio.file.attribute..", "org.apache..");

    @ArchTest
    static final ArchRule adaptersArePureFunctions = noClasses()
            .that()
            .resideOutsideOfPackages(CLIENTS, HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.util.concurrent..", CLIENTS, HTTP);
}
