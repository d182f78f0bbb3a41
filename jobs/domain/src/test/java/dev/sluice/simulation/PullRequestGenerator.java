package dev.sluice.simulation;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.simulation.HistoryGenerator.Commit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pull requests of a repository's commits from a seed: merges, squashes and rebases, drafts, reviews before and
 * after the merge or none, commits that are listed, stated or unknown, branches that went out first, cherry-picks,
 * repetitions, corrections and deletions. Its chance is its own: what else a seed makes does not depend on it.
 */
final class PullRequestGenerator {
    private static final long OWN_SEQUENCE = 0x7075_6C6CL;

    private final Random random;
    private final String tenant;
    private final List<DeliveryEvent> events = new ArrayList<>();

    PullRequestGenerator(long seed, String tenant) {
        this.random = new Random(seed ^ OWN_SEQUENCE);
        this.tenant = tenant;
    }

    /** Returns the observations of all pull requests that were made. */
    List<DeliveryEvent> events() {
        return events;
    }

    /** Makes pull requests of a repository, three for four commits. */
    void make(String repository, List<Commit> commits) {
        int count = commits.size() * 3 / 4;
        for (int number = 1; number <= count; number++) {
            int index = random.nextInt(commits.size());
            make(new Outline(repository, Integer.toString(number), commits, index, count));
        }
    }

    /** A pull request in the making, of one of the commits of its repository. */
    private record Outline(String repository, String id, List<Commit> commits, int index, int count) {
        Commit commit() {
            return commits.get(index);
        }

        String anotherCommit(int distance) {
            return commits.get(Math.floorMod(index + distance, commits.size())).sha();
        }
    }

    private void make(Outline outline) {
        if (random.nextInt(30) == 0) {
            events.add(amended(outline, said(outline.commit().sha(), null, List.of(), null)));
            return;
        }
        Instant merged = outline.commit().committedAt().plusSeconds(random.nextInt(1800));
        if (random.nextInt(8) == 0) {
            merged = merged.plus(Duration.ofHours(random.nextInt(24 * 30)));
        }
        Instant opened = merged.minusSeconds(60 + random.nextInt(5 * 86_400));
        Instant first = random.nextInt(12) == 0
                ? merged.plus(Duration.ofHours(random.nextInt(24 * 30)))
                : opened.minusSeconds(random.nextInt(3 * 86_400));
        before(outline, opened, merged, first);
        end(outline, merged, said(outline, first));
        correct(outline, merged, first);
    }

    private void before(Outline outline, Instant opened, Instant merged, Instant first) {
        long open = Duration.between(opened, merged).toSeconds();
        Boolean asDraft = switch (random.nextInt(4)) {
            case 0 -> true;
            case 1 -> false;
            default -> null;
        };
        if (random.nextInt(6) != 0) {
            Said said = random.nextInt(3) == 0
                    ? said(null, "unpushed", List.of(first.plusSeconds(random.nextInt(3600))), first.minusSeconds(60))
                    : NOTHING;
            events.add(observed(outline, PullRequestState.OPENED, opened, 0, asDraft, said));
        }
        if (Boolean.TRUE.equals(asDraft) ? random.nextInt(4) != 0 : random.nextInt(8) == 0) {
            for (int i = random.nextInt(2); i >= 0; i--) {
                events.add(observed(outline, PullRequestState.READY, within(opened, open), 0, null, NOTHING));
            }
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Instant reviewed = random.nextInt(10) == 0 ? merged.plusSeconds(i) : within(opened, open);
            events.add(observed(outline, PullRequestState.REVIEWED, reviewed, 0, random.nextBoolean(), NOTHING));
        }
    }

    private Instant within(Instant start, long seconds) {
        return start.plusSeconds((long) (random.nextDouble() * seconds));
    }

    private void end(Outline outline, Instant at, Said said) {
        switch (random.nextInt(14)) {
            case 0 -> events.add(observed(outline, PullRequestState.CLOSED, at, 0, null, said));
            case 1 -> events.add(amended(outline, said));
            case 2 -> {
                events.add(observed(outline, PullRequestState.MERGED, at, 0, null, said));
                events.add(observed(outline, PullRequestState.CLOSED, at.plusSeconds(1), 0, null, NOTHING));
            }
            case 3 -> {
                events.add(observed(outline, PullRequestState.MERGED, at, 0, null, said));
                events.add(observed(outline, PullRequestState.MERGED, at.plusSeconds(600), 0, null, NOTHING));
            }
            default -> events.add(observed(outline, PullRequestState.MERGED, at, 0, null, said));
        }
    }

    /** What the end says of its commits. */
    private Said said(Outline outline, Instant first) {
        String sha = outline.commit().sha();
        List<String> parents = outline.commit().parents();
        List<Instant> listed = List.of(first.plusSeconds(random.nextInt(86_400)), first, first.plusSeconds(30));
        String pushed = outline.repository() + "#" + outline.id();
        return switch (random.nextInt(9)) {
            case 0, 1 -> said(sha, parents.isEmpty() ? null : parents.get(parents.size() - 1), listed, null);
            case 2 -> said(sha, pushed, listed, first.minusSeconds(7));
            case 3 -> said(sha, pushed, List.of(), first);
            case 4 -> said(sha, pushed, null, null);
            case 5 -> said(sha, sha, listed, null);
            case 6 -> said(sha, outline.anotherCommit(-1 - random.nextInt(12)), listed, null);
            case 7 -> said(outline.anotherCommit(1 + random.nextInt(12)), sha, null, null);
            default -> said(random.nextBoolean() ? pushed : null, sha, null, random.nextBoolean() ? first : null);
        };
    }

    private void correct(Outline outline, Instant merged, Instant first) {
        switch (random.nextInt(24)) {
            case 0 -> events.add(observed(outline, PullRequestState.DELETED, merged.plusSeconds(9), 2, null, NOTHING));
            case 1 -> events.add(observed(outline, PullRequestState.CLOSED, merged, 1, null, NOTHING));
            case 2 -> {
                Instant moved = merged.plus(Duration.ofHours(random.nextInt(400) - 200));
                events.add(observed(outline, PullRequestState.MERGED, moved, 1, null, NOTHING));
            }
            case 3 -> events.add(amended(outline, said(null, null, List.of(first.minusSeconds(5)), first)));
            case 4 -> events.add(amended(outline, said(null, null, null, first.minusSeconds(86_400))));
            case 5 ->
                events.add(amended(outline, said(outline.anotherCommit(random.nextInt(9) - 4), null, null, null)));
            case 6 -> events.add(observed(outline, PullRequestState.AMENDED, merged, 1, random.nextBoolean(), NOTHING));
            case 7 -> {
                PullRequestState state = random.nextBoolean() ? PullRequestState.READY : PullRequestState.REVIEWED;
                events.add(observed(outline, state, merged.minusSeconds(random.nextInt(86_400)), 1, null, NOTHING));
            }
            case 8 -> {
                events.add(observed(outline, PullRequestState.DELETED, merged.plusSeconds(9), 1, null, NOTHING));
                events.add(observed(outline, PullRequestState.MERGED, merged.plusSeconds(99), 2, null, NOTHING));
            }
            default -> {
                // most pull requests are not corrected
            }
        }
    }

    /** What an observation says beside its state. */
    private record Said(
            @Nullable String mergeSha,
            @Nullable String headSha,
            @Nullable List<Instant> authored,
            @Nullable Instant firstCommitAt,
            boolean named) {}

    private static final Said NOTHING = new Said(null, null, null, null, false);

    private static Said said(
            @Nullable String mergeSha,
            @Nullable String headSha,
            @Nullable List<Instant> authored,
            @Nullable Instant firstCommitAt) {
        return new Said(mergeSha, headSha, authored, firstCommitAt, true);
    }

    private PullRequestObserved amended(Outline outline, Said said) {
        return observed(outline, PullRequestState.AMENDED, outline.commit().committedAt(), 1, null, said);
    }

    private PullRequestObserved observed(
            Outline outline, PullRequestState state, Instant at, long revision, @Nullable Boolean asDraft, Said said) {
        var commits = new ArrayList<PullRequestObserved.Commit>();
        if (said.authored() != null) {
            for (Instant authored : said.authored()) {
                String sha = outline.repository() + "#" + outline.id() + "~" + commits.size();
                commits.add(new PullRequestObserved.Commit(sha, authored));
            }
        }
        String id = EventIds.of(tenant, "forge", outline.repository(), outline.id(), Integer.toString(events.size()));
        return new PullRequestObserved(
                new EventHeader(id, tenant, "forge", "generated", at, at),
                outline.repository(),
                outline.id(),
                state,
                revision,
                asDraft,
                said.authored() == null ? null : commits,
                said.firstCommitAt(),
                said.headSha(),
                said.mergeSha(),
                said.named() && random.nextInt(5) == 0
                        ? Integer.toString(1 + random.nextInt(outline.count() + 1))
                        : null,
                said.named() ? "change " + random.nextInt(1000) : null);
    }
}
