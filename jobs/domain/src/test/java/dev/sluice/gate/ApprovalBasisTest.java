package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.CanaryState;
import dev.sluice.gate.Evidence.ArtifactFact;
import dev.sluice.gate.Evidence.CanaryRun;
import dev.sluice.gate.Evidence.Subject;
import dev.sluice.gate.Evidence.Validation;
import dev.sluice.gate.Evidence.Validation.Result;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApprovalBasisTest {
    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final ArtifactFact SIGNED = fact("registry.example.org/shop/checkout", "release", "security");

    private static CanaryRun run(String id, CanaryState state) {
        return new CanaryRun(id, "production", "2.0", NOW, state, NOW, "as it is");
    }

    private static Validation validation(String kind, Result result) {
        return new Validation(new Subject("2.0", null), "staging", kind, result, "ci", NOW);
    }

    private static ArtifactFact fact(String location, String... signers) {
        return new ArtifactFact("sha256:1", "2.0", location, Set.of(signers), "registry", NOW);
    }

    private static List<String> basis(List<CanaryRun> runs, List<Validation> validations, List<ArtifactFact> facts) {
        return ApprovalBasis.of(List.of(), runs, validations, facts);
    }

    @ParameterizedTest
    @EnumSource(CanaryState.class)
    void onlyACanaryThatSpeaksAgainstTheArtifactChangesIt(CanaryState state) {
        boolean isBad = state == CanaryState.FAILED || state == CanaryState.ERROR;

        List<String> with = basis(List.of(run("c-1", state)), List.of(), List.of());

        assertThat(with).isEqualTo(isBad ? List.of("canary c-1 " + state) : List.of());
    }

    @ParameterizedTest
    @EnumSource(Result.class)
    void onlyAValidationThatFailedChangesIt(Result result) {
        List<String> with = basis(List.of(), List.of(validation("smoke", result)), List.of());

        assertThat(with).isEqualTo(result == Result.FAILED ? List.of("staging smoke ci") : List.of());
    }

    @Test
    void isTheSameInWhicheverOrderTheEvidenceCame() {
        CanaryRun one = run("c-1", CanaryState.FAILED);
        CanaryRun other = run("c-2", CanaryState.ERROR);
        Validation smoke = validation("smoke", Result.FAILED);
        Validation load = validation("load", Result.FAILED);

        assertThat(basis(List.of(other, one), List.of(smoke, load), List.of(SIGNED)))
                .isEqualTo(basis(List.of(one, other), List.of(load, smoke), List.of(SIGNED)))
                .hasSize(5);
    }

    @Test
    void anotherSignerOrPlaceChangesIt() {
        List<String> signed = basis(List.of(), List.of(), List.of(SIGNED));

        assertThat(signed).containsExactly("registry.example.org/shop/checkout [release, security]");
        assertThat(basis(List.of(), List.of(), List.of(fact("registry.example.org/shop/checkout", "release"))))
                .isNotEqualTo(signed);
        assertThat(basis(List.of(), List.of(), List.of(fact("elsewhere.example.org/checkout", "release", "security"))))
                .isNotEqualTo(signed);
    }
}
