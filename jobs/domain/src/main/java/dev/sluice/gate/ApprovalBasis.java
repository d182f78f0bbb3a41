package dev.sluice.gate;

import dev.sluice.canary.CanaryState;
import dev.sluice.gate.Evidence.ArtifactFact;
import dev.sluice.gate.Evidence.CanaryRun;
import dev.sluice.gate.Evidence.Validation;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What an approval stands on: the policies in force, what is known of the artifact, and what speaks against it. An approval holds as
 * long as this is the same. Good news leave it as it is; so does what changes by itself, such as a canary that goes on.
 */
public final class ApprovalBasis {
    private ApprovalBasis() {}

    /**
     * Returns the basis in words, the same for the same evidence in whichever order.
     *
     * @param policies the policies in force for the gate
     * @param canaries the runs of the artifact
     * @param validations the validations of the artifact
     * @param artifacts what is known of the artifact
     */
    public static List<String> of(
            List<Policy> policies,
            List<CanaryRun> canaries,
            List<Validation> validations,
            List<ArtifactFact> artifacts) {
        return Stream.of(
                        sorted(policies.stream(), Policy::digest),
                        sorted(
                                canaries.stream()
                                        .filter(run ->
                                                run.state() == CanaryState.FAILED || run.state() == CanaryState.ERROR),
                                run -> "canary " + run.id() + " " + run.state()),
                        sorted(
                                validations.stream().filter(one -> one.result() == Validation.Result.FAILED),
                                one -> one.environment() + " " + one.kind() + " " + one.source()),
                        sorted(
                                artifacts.stream(),
                                fact -> fact.location() + " "
                                        + fact.signers().stream().sorted().toList()))
                .flatMap(Function.identity())
                .toList();
    }

    private static <T> Stream<String> sorted(Stream<T> of, Function<T, String> words) {
        return of.map(words).sorted();
    }
}
