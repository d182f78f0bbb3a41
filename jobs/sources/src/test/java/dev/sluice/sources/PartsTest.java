package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.github.GitHubAdapter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static final Outcome.Ignored NONE = new Outcome.Ignored(Reason.UNUSED_EVENT, "none");
    private static final Outcome.Ignored PING = new Outcome.Ignored(Reason.PING, "ping");
    private static final Outcome.Malformed FIRST = new Outcome.Malformed(Reason.WRONG_VALUE, "first", "/0");
    private static final Outcome.Malformed SECOND = new Outcome.Malformed(Reason.MISSING_FIELD, "second", "/1");
    private static final Outcome.Events EVENT =
            (Outcome.Events) new GitHubAdapter(connection -> ConnectionMapping.DEFAULT)
                    .adapt(Deliveries.github("deployment", Deliveries.payload("github/deployment_created.json")));

    private final Parts parts = new Parts();

    @Test
    void eventsAndWhatWasNotUnderstoodAreKeptInOrder() {
        parts.add(() -> {
            throw new Rejection(Reason.WRONG_VALUE, "first", "/0");
        });
        parts.add(() -> EVENT);
        parts.add(() -> PING);
        parts.add(() -> new Outcome.Events(EVENT.events(), List.of(SECOND)));

        assertThat(parts.outcome(NONE))
                .isEqualTo(new Outcome.Events(
                        List.of(EVENT.events().get(0), EVENT.events().get(0)), List.of(FIRST, SECOND)));
    }

    @Test
    void withoutAnEventWhatWasNotUnderstoodGoesBeforeWhatWasIgnored() {
        parts.add(() -> PING);
        assertThat(parts.outcome(NONE)).isEqualTo(PING);
        parts.add(() -> FIRST);
        parts.add(() -> SECOND);
        assertThat(parts.outcome(NONE))
                .isEqualTo(new Outcome.Malformed(FIRST.reason(), FIRST.detail(), FIRST.pointer(), List.of(SECOND)));
    }

    @Test
    void whatWasNotUnderstoodOfAPartIsKeptAsAWhole() {
        parts.add(() -> Outcome.Malformed.ofParts(List.of(FIRST, SECOND)));
        parts.add(() -> FIRST);
        assertThat(((Outcome.Malformed) parts.outcome(NONE)).each()).containsExactly(FIRST, SECOND, FIRST);
        parts.add(() -> EVENT);
        assertThat(((Outcome.Events) parts.outcome(NONE)).skipped()).containsExactly(FIRST, SECOND, FIRST);
    }

    @Test
    void withoutPartsThereIsNone() {
        assertThat(parts.outcome(NONE)).isEqualTo(NONE);
    }
}
