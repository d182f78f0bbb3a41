package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulation.MemoryTable;
import org.junit.jupiter.api.Test;

class DeploymentRegisterTest {
    private final DeploymentRegister register = new DeploymentRegister(new MemoryTable<>());

    private DeploymentRegister.Change change(DeliveryFixture.Observation observation) {
        return requireNonNull(register.observe(observation.build()));
    }

    @Test
    void tellsWhatAnObservationChanged() {
        DeploymentRegister.Change first = change(observed("1", DeploymentState.STARTED, BEGINNING));
        assertThat(first.before()).isNull();
        assertThat(first.after().result()).isEqualTo(AttemptResult.IN_PROGRESS);
        assertThat(first.headAfter()).isNull();

        DeploymentRegister.Change second = change(
                observed("1", DeploymentState.SUCCESS, BEGINNING.plusSeconds(9)).sha("a"));
        assertThat(second.before()).isEqualTo(first.after());
        assertThat(second.headAfter())
                .isEqualTo(new DeployedHead("1", SERVICE, ENVIRONMENT, "a", BEGINNING.plusSeconds(9)));
    }

    @Test
    void leavesTheRepositoryThatALaterWordReplaces() {
        assertThat(change(observed("1", DeploymentState.STARTED, BEGINNING).repository("a"))
                        .repositoryLeft())
                .isNull();
        assertThat(change(observed("1", DeploymentState.SUCCESS, BEGINNING.plusSeconds(9))
                                .repository("a"))
                        .repositoryLeft())
                .isNull();
        assertThat(change(observed("1", DeploymentState.SUCCESS, BEGINNING.plusSeconds(9))
                                .repository("b")
                                .revision(1))
                        .repositoryLeft())
                .isEqualTo("a");
    }

    @Test
    void knownEventChangesNothing() {
        change(observed("1", DeploymentState.SUCCESS, BEGINNING).sha("a"));

        assertThat(register.observe(observed("1", DeploymentState.SUCCESS, BEGINNING)
                        .sha("a")
                        .build()))
                .isNull();
    }

    @Test
    void deletedAttemptHasNoHead() {
        change(observed("1", DeploymentState.SUCCESS, BEGINNING).sha("a"));

        assertThat(change(observed("1", DeploymentState.DELETED, BEGINNING)).headAfter())
                .isNull();
    }

    @Test
    void successWithoutACommitHasNoHead() {
        assertThat(change(observed("1", DeploymentState.SUCCESS, BEGINNING).version("v1"))
                        .headAfter())
                .isNull();
    }

    @Test
    void keepsAttemptsApart() {
        change(observed("1", DeploymentState.FAILURE, BEGINNING));

        assertThat(change(observed("2", DeploymentState.SUCCESS, BEGINNING)).before())
                .isNull();
    }
}
