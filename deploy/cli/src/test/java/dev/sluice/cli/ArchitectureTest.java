package dev.sluice.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sluice.cli", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** The commands ask the API: what a metric or a rule is, they do not know. */
    @ArchTest
    static final ArchRule COMMANDS_KNOW_NO_OTHER_MODULE = classes()
            .that()
            .resideInAPackage("dev.sluice.cli")
            .should()
            .onlyDependOnClassesThat(resideInAPackage("dev.sluice.cli..")
                    .or(not(resideInAPackage("dev.sluice..")).as("foreign")));

    /** To try policies there is no API to ask either: they are read and judged as the gate does it. */
    @ArchTest
    static final ArchRule POLICY_KNOWS_THE_GATE = classes()
            .that()
            .resideInAPackage("dev.sluice.cli.policy")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.sluice.cli.policy", "dev.sluice.gate", "dev.sluice.gateapi.policy..")
                            .or(resideInAnyPackage("dev.sluice.gateapi.cel", "dev.sluice.gateapi.config"))
                            .or(not(resideInAPackage("dev.sluice..")).as("foreign")));

    /** To judge two files there is no API to ask: the rules are the domain's. */
    @ArchTest
    static final ArchRule JUDGE_KNOWS_THE_DOMAIN = classes()
            .that()
            .resideInAPackage("dev.sluice.cli.judge")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.sluice.cli.judge", "dev.sluice.canary..", "dev.sluice.wire")
                            .or(resideInAPackage("dev.sluice.statistics"))
                            .or(not(resideInAPackage("dev.sluice..")).as("foreign")));

    /** To verify an audit log nobody is asked: how it is chained is the wire's. */
    @ArchTest
    static final ArchRule AUDIT_KNOWS_THE_WIRE = classes()
            .that()
            .resideInAPackage("dev.sluice.cli.audit")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("dev.sluice.cli.audit", "dev.sluice.wire")
                    .or(not(resideInAPackage("dev.sluice..")).as("foreign")));
}
