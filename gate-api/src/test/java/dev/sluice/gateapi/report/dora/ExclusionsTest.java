package dev.sluice.gateapi.report.dora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.dora.ChangeJudgement;
import dev.sluice.dora.IncidentJudgement;
import dev.sluice.dora.PullRequestJudgement;
import dev.sluice.store.Excluded;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExclusionsTest {
    /** All that the domain may say: a deployment without a kind is left out by its result. */
    static Stream<Excluded> exclusions() {
        return Stream.of(
                        Stream.of(DeploymentKind.values())
                                .filter(kind -> !kind.isChange())
                                .map(kind -> excluded("deployment", kind)),
                        Stream.of(AttemptResult.values())
                                .filter(result -> result != AttemptResult.SUCCESS)
                                .map(result -> excluded("deployment", result)),
                        Stream.of(new Excluded("deployment", "DELETED", 1)),
                        Stream.of(ChangeJudgement.values())
                                .filter(judgement -> judgement != ChangeJudgement.COUNTED)
                                .map(judgement -> excluded("change", judgement)),
                        Stream.of(PullRequestJudgement.values())
                                .filter(judgement -> judgement != PullRequestJudgement.COUNTED)
                                .map(judgement -> excluded("pull request", judgement)),
                        Stream.of(IncidentJudgement.Reason.values()).map(reason -> excluded("incident", reason)))
                .flatMap(some -> some);
    }

    private static Excluded excluded(String what, Enum<?> reason) {
        return new Excluded(what, reason.name(), 1);
    }

    @ParameterizedTest
    @MethodSource("exclusions")
    void eachReasonHasWords(Excluded excluded) {
        String explanation = Exclusions.explained(excluded).explanation();

        assertThat(explanation).isNotEqualTo(excluded.reason()).isNotEqualTo("no reason is known");
    }
}
