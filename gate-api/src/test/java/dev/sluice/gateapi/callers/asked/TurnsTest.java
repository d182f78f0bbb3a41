package dev.sluice.gateapi.callers.asked;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private final List<String> begun = new ArrayList<>();
    private final List<CompletableFuture<Void>> underWay = new ArrayList<>();

    /** Each waits a second less than the one before. */
    private void wants(Turns turns, String tenant, int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            turns.wants(tenant, NOW.plusSeconds(i), () -> {
                begun.add(tenant + number);
                var work = new CompletableFuture<Void>();
                underWay.add(work);
                return work;
            });
        }
    }

    @Test
    void oneTenantLeavesRoomForTheOthers_howeverMuchItWants() {
        var turns = new Turns(2, 4);

        wants(turns, "slow", 100);
        turns.begin();
        wants(turns, "slow", 100);
        wants(turns, "other", 1);
        turns.begin();

        assertThat(begun).containsExactly("slow0", "slow1", "other0");
    }

    @Test
    void whatHasEndedMakesRoom_alsoWhereItFails() {
        var turns = new Turns(2, 4);
        wants(turns, "a", 3);
        turns.begin();

        underWay.get(0).complete(null);
        underWay.get(1).completeExceptionally(new IllegalStateException("failed"));
        wants(turns, "a", 3);
        turns.begin();

        assertThat(begun).containsExactly("a0", "a1", "a0", "a1");
    }

    @Test
    void whereAllRoomIsTaken_theNextOneIsOfWhoHasTheLeast() {
        var turns = new Turns(2, 4);
        wants(turns, "a", 2);
        wants(turns, "b", 2);
        turns.begin();

        underWay.get(0).complete(null);
        wants(turns, "a", 2);
        wants(turns, "b", 2);
        turns.wants("c", NOW.plusSeconds(9), () -> {
            begun.add("c");
            return new CompletableFuture<Void>();
        });
        turns.begin();

        assertThat(begun).hasSize(5).endsWith("c");
    }

    @Test
    void ofOneTenantWhatHasWaitedLongestIsNext_andWhatIsNotWantedAgainIsForgotten() {
        var turns = new Turns(1, 4);
        turns.wants("a", NOW, () -> CompletableFuture.completedFuture(begun.add("later")));
        turns.wants("a", Instant.MIN, () -> CompletableFuture.completedFuture(begun.add("first")));
        wants(turns, "a", 2);
        turns.begin();
        underWay.get(0).complete(null);

        turns.begin();

        assertThat(begun).containsExactly("first", "later", "a0");
    }
}
