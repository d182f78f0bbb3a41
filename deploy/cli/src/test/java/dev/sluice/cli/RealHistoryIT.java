package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The histories of two public projects through the whole of Sluice, as users do it: the {@code dora} command against a
 * running process. Every quarter must be what was computed from the same files independently.
 */
@EnabledIf(
        value = "dev.sluice.cli.RealHistories#areThere",
        disabledReason = "the real histories are not beside the checkout")
class RealHistoryIT {
    @TempDir
    private static Path data;

    private static @Nullable RealHistories histories;

    @BeforeAll
    static void start() throws IOException {
        histories = new RealHistories(data);
    }

    @AfterAll
    static void stop() {
        if (histories != null) {
            histories.close();
        }
    }

    private static RealHistories histories() {
        return requireNonNull(histories);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"javalin, in-order, ''", "argo-rollouts, twice, '--repeat=2,--shuffle=7'"})
    void everyQuarter_isAsComputedIndependently(String repository, String variant, String options)
            throws IOException, InterruptedException {
        assertEveryQuarter(repository, variant, options);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "javalin,       shuffled, --shuffle=5",
        "javalin,       twice,    --repeat=2",
        "argo-rollouts, in-order, ''",
        "argo-rollouts, shuffled, --shuffle=5"
    })
    @Tag("soak")
    void everyQuarter_isAsComputedIndependentlyInOtherOrders(String repository, String variant, String options)
            throws IOException, InterruptedException {
        assertEveryQuarter(repository, variant, options);
    }

    @Test
    void gitRepositoryOfTheSameHistory_givesTheSameQuarters(@TempDir Path checkout)
            throws IOException, InterruptedException, GitAPIException {
        String repository = "argo-rollouts";
        String service = repository + "-git";
        RealRepository.make(
                RealHistories.REAL.resolve(repository + "-commits.csv"),
                RealHistories.REAL.resolve(repository + "-tags.csv"),
                checkout);

        Run run = histories().run("dora", "--git", checkout.toString(), "--service", service, "--repository", service);

        assertThat(run.status()).as(run.err()).isZero();
        histories().assertEqualsExpected(repository, service, run);
    }

    private static void assertEveryQuarter(String repository, String variant, String options)
            throws IOException, InterruptedException {
        String service = repository + "-" + variant;

        Run run = histories()
                .dora(
                        repository,
                        service,
                        Pattern.compile(",")
                                .splitAsStream(options)
                                .filter(option -> !option.isEmpty())
                                .toList());

        assertThat(run.status()).as(run.err()).isZero();
        histories().assertEqualsExpected(repository, service, run);
    }

    @Test
    void sameHistoryAgain_changesNothing() throws IOException, InterruptedException {
        Run first = histories().dora("javalin", "javalin-again", List.of());
        long events = histories().storedEvents();
        Run second = histories().dora("javalin", "javalin-again", List.of());

        assertThat(second.out()).isEqualTo(first.out());
        assertThat(histories().storedEvents()).isEqualTo(events);
    }
}
