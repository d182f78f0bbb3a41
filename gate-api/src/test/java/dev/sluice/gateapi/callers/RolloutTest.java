package dev.sluice.gateapi.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.http.ApiException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ids of runs, which follow from what a controller says of its rollout. */
class RolloutTest {
    private static final Rollout ROLLOUT = new Rollout("flagger", "test", "podinfo", "85d557f47b");

    @Test
    void anIdSaysWhatItIsOf_andIsOneOfARun() {
        assertThat(ROLLOUT.id(1)).matches("flagger-[0-9a-f]{12}-[0-9a-f]{12}-1-podinfo");
        assertThat(new Rollout("flagger", "n".repeat(253), "N.ä_" + "x".repeat(253), "r".repeat(253)).id(999))
                .matches("[a-z0-9][a-z0-9-]{0,62}");
    }

    @Test
    void whatDiffersHasOtherIds() {
        List<Rollout> rollouts = List.of(
                ROLLOUT,
                new Rollout("argo", "test", "podinfo", "85d557f47b"),
                new Rollout("flagger", "prod", "podinfo", "85d557f47b"),
                new Rollout("flagger", "test", "podinfo2", "85d557f47b"),
                new Rollout("flagger", "test/podinfo", "", "85d557f47b"),
                new Rollout("flagger", "test", "podinfo", "85d557f47c"));
        Set<String> ids = new HashSet<>();

        rollouts.forEach(rollout -> {
            ids.add(rollout.id(1));
            ids.add(rollout.id(2));
        });

        assertThat(ids).hasSize(2 * rollouts.size());
    }

    @Test
    void knowsItsOwnAttempts() {
        Rollout next = new Rollout("flagger", "test", "podinfo", "0");

        assertThat(ROLLOUT.attempt(ROLLOUT.id(1))).hasValue(1);
        assertThat(ROLLOUT.attempt(ROLLOUT.id(12))).hasValue(12);
        assertThat(ROLLOUT.attempt(next.id(1))).isEmpty();
        assertThat(ROLLOUT.attempt("podinfo")).isEmpty();
        assertThat(next.id(1)).startsWith(ROLLOUT.prefix());
        assertThat(new Rollout("flagger", "test", "podinfo-1", "0").id(1)).doesNotStartWith(ROLLOUT.prefix());
    }

    @Test
    void thereAreNotEndlesslyMany() {
        assertThatThrownBy(() -> ROLLOUT.id(1000))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("999 times");
    }
}
