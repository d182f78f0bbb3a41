package dev.sluice.sources.cdevents;

import static dev.sluice.sources.cdevents.Reading.or;

import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The standard events of a change, which is a pull request: {@code change.created}, {@code change.reviewed}, {@code
 * change.merged}, {@code change.abandoned}. What CDEvents has no field for stands in {@code customData.sluice}.
 */
final class ChangeEvents {
    private ChangeEvents() {}

    static Outcome of(Reading reading, CdEvent event, PullRequestState state) {
        Place more = event.sluice();
        String repository = repository(event.content().at("repository"), more);
        if (repository == null) {
            return new Outcome.Ignored(
                    Reason.CHANGE_WITHOUT_REPOSITORY,
                    "the change " + event.subjectId() + " names no repository that it goes into");
        }
        return new Outcome.Events(new PullRequestObserved(
                reading.header(event),
                repository,
                event.subjectId(),
                state,
                Reading.revision(more.at("revision")),
                more.at("draft").optionalFlag(),
                commits(more.at("commits")),
                more.at("firstCommitAt").optionalTime(),
                more.at("headSha").optionalText(),
                more.at("mergeSha").optionalText(),
                more.at("cherryPickOf").optionalText(),
                or(more.at("title"), event.content().at("description").beginning())));
    }

    private static @Nullable String repository(Place repository, Place more) {
        return or(
                more.at("repository"),
                repository.isAbsent() ? null : repository.at("id").text());
    }

    private static @Nullable List<PullRequestObserved.Commit> commits(Place list) {
        return list.isAbsent()
                ? null
                : list.elements()
                        .map(commit -> new PullRequestObserved.Commit(
                                commit.at("sha").text(), commit.at("authoredAt").time()))
                        .toList();
    }
}
