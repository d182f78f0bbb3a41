package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.dora.CurrentRow;
import dev.sluice.gateapi.canary.FollowedDeployment.Step;
import dev.sluice.wire.CanaryRunDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowedDeploymentTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // what the config says, the version that was deployed, seconds after the start, what becomes of the run
        "ignore, 1.4.2, 60,",
        "'', 1.4.2, 60,",
        "end, 1.4.2, 60, END",
        "end, 1.4.1, 60, END",
        "end, 1.4.2, 0,",
        "end, 1.4.2, -60,",
        "stages, 1.4.2, 60, STAGE",
        "stages, 1.4.1, 60, END",
        "stages, 1.5.0, 60, END",
        "stages, 1.4.2, -60,",
    })
    void isOneOfTheTimeOfTheRun(String says, String version, int seconds, @Nullable Step step) {
        Optional<FollowedDeployment> followed = followed(run(says), current(version, START.plusSeconds(seconds)));

        assertThat(followed.map(FollowedDeployment::step)).isEqualTo(Optional.ofNullable(step));
        followed.ifPresent(deployment -> assertThat(deployment.at()).isEqualTo(START.plusSeconds(seconds)));
    }

    /** What is followed once is not followed again, also when the stage was said to begin later than it did. */
    @Test
    void isFollowedOnce() {
        CurrentRow current = current("1.4.2", START.plusSeconds(60));
        CanaryRunDocument staged =
                followed(run("stages"), current).orElseThrow().on(run("stages"), START.plusSeconds(300));

        assertThat(staged.stages()).containsExactly(START.plusSeconds(300));
        assertThat(followed(staged, current)).isEmpty();
        assertThat(followed(staged, current("1.4.2", START.plusSeconds(301)))).isPresent();
        CanaryRunDocument ended = followed(run("end"), current).orElseThrow().on(run("end"), START.plusSeconds(60));
        assertThat(ended.endedAt()).isEqualTo(START.plusSeconds(60));
        assertThat(followed(ended, current("1.4.1", START.plusSeconds(400)))).isEmpty();
    }

    @Test
    void whatDeploymentsMayChangeIsSeenInTheLog() {
        assertThat(FollowedDeployment.mayChange(run("stages").json())).isTrue();
        assertThat(FollowedDeployment.mayChange(run("end").json())).isTrue();
        assertThat(FollowedDeployment.mayChange(run("ignore").json())).isFalse();
        assertThat(FollowedDeployment.mayChange(run("").json())).isFalse();
        assertThat(FollowedDeployment.mayChange(
                        run("end").endedAt(START.plusSeconds(9)).json()))
                .isFalse();
    }

    /** A canary may be named by its commit or digest. */
    @Test
    void theCanaryIsKnownByDigest() {
        CanaryRunDocument run = run("stages", "sha256:abc", List.of());
        assertThat(followed(run, current("1.4.2", START.plusSeconds(60))).map(FollowedDeployment::step))
                .contains(Step.STAGE);
    }

    @Test
    void thereAreOnlySoManyStages() {
        List<Instant> stages = new ArrayList<>();
        for (int i = 1; i <= Canaries.MAX_STAGES; i++) {
            stages.add(START.plusSeconds(i));
        }
        CanaryRunDocument run = run("stages", "1.4.2", stages);
        assertThat(followed(run, current("1.4.2", START.plusSeconds(600)))).isEmpty();
        assertThat(followed(run, current("1.4.1", START.plusSeconds(600)))).isPresent();
    }

    private static Optional<FollowedDeployment> followed(CanaryRunDocument run, CurrentRow current) {
        return FollowedDeployment.of(run, current, START.plus(Duration.ofHours(1)));
    }

    /** By a clock that is ahead: it is followed once, when its time has come. */
    @Test
    void oneThatIsAheadIsWaitedFor() {
        Instant at = START.plusSeconds(60);
        CurrentRow current = current("1.4.2", at);
        assertThat(FollowedDeployment.of(run("stages"), current, at.minusMillis(1)))
                .isEmpty();
        CanaryRunDocument staged =
                FollowedDeployment.of(run("stages"), current, at).orElseThrow().on(run("stages"), at);
        assertThat(FollowedDeployment.of(staged, current, at.plusSeconds(60))).isEmpty();
    }

    private static CanaryRunDocument run(String says) {
        return run(says, "1.4.2", List.of());
    }

    private static CanaryRunDocument run(String says, String canary, List<Instant> stages) {
        var config = JsonNodeFactory.instance.objectNode();
        if (!says.isEmpty()) {
            config.put("deployments", says);
        }
        return new CanaryRunDocument(
                "checkout", "production", "1.4.1", canary, config, "sha256:0", START, stages, null);
    }

    private static CurrentRow current(String version, Instant since) {
        return new CurrentRow(
                "default",
                "checkout",
                "production",
                "d1",
                version,
                "c0ffee",
                "sha256:abc",
                since,
                null,
                null,
                0,
                null,
                0,
                null,
                null,
                null,
                false,
                since);
    }
}
