package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The domain is pure: no framework, no cycle of packages, no clock and no chance of its own. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.ZoneId.systemDefault");

    @ArchTest
    static final ArchRule IS_PURE = classes()
            .that()
            .resideInAPackage("dev.sluice..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sluice..",
                    "java..",
                    "org.jspecify..",
                    "org.apache.commons.math3..",
                    "org.apache.commons.statistics..",
                    "org.apache.commons.numbers..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.sluice.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_ARE_ARGUMENTS = noClasses()
            .should()
            .callCodeUnitWhere(DescribedPredicate.describe("time or chance", call -> isUnstated(call)));

    private static boolean isUnstated(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
        String owner = target.getOwner().getName();
        boolean readsTheClock =
                owner.startsWith("java.time.") && target.getName().equals("now");
        boolean isUnseeded = (owner.equals("java.util.Random") || owner.equals("java.util.SplittableRandom"))
                && target.getName().equals("<init>")
                && target.getRawParameterTypes().isEmpty();
        return readsTheClock || isUnseeded || CLOCKS_AND_CHANCE.contains(owner + "." + target.getName());
    }

    @ParameterizedTest
    @ValueSource(classes = {InstantNow.class, SystemTime.class, NanoTime.class, Unseeded.class, RandomId.class})
    void noticesTimeAndChance(Class<?> offender) {
        assertThat(TIME_AND_CHANCE_ARE_ARGUMENTS.evaluate(imported(offender)).hasViolation())
                .isTrue();
    }

    @Test
    void allowsSeededChance() {
        assertThat(TIME_AND_CHANCE_ARE_ARGUMENTS
                        .evaluate(imported(Seeded.class))
                        .hasViolation())
                .isFalse();
    }

    @Test
    void noticesAFrameworkInTheDomain() {
        assertThat(IS_PURE.evaluate(imported(Logs.class)).hasViolation()).isTrue();
    }

    private static JavaClasses imported(Class<?> type) {
        return new ClassFileImporter().importClasses(type);
    }

    static final class InstantNow {
        Instant answer() {
            return Instant.now();
        }
    }

    static final class SystemTime {
        long answer() {
            return System.currentTimeMillis();
        }
    }

    static final class NanoTime {
        long answer() {
            return System.nanoTime();
        }
    }

    static final class Unseeded {
        int answer() {
            return new Random().nextInt();
        }
    }

    static final class RandomId {
        UUID answer() {
            return UUID.randomUUID();
        }
    }

    static final class Seeded {
        int answer(long seed) {
            return new Random(seed).nextInt();
        }
    }

    static final class Logs {
        void answer() {
            LoggerFactory.getLogger(Logs.class).atInfo().log("the domain does not log");
        }
    }
}
