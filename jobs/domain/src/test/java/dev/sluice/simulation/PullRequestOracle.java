package dev.sluice.simulation;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Pull request lead time by its definition alone: everything in memory, everything from scratch. It asks the
 * {@link BatchOracle} which commits each deployment brought and shares no code with the stream.
 */
public final class PullRequestOracle {
    private final BatchOracle deployments;
    private final List<View> pullRequests = new ArrayList<>();
    private final Map<BatchOracle.Place, List<Entry>> entries = new HashMap<>();

    /** The numbers of one range of days. */
    public record Numbers(
            List<Long> leadTimes,
            long codingMs,
            long pickupMs,
            long reviewMs,
            long deployMs,
            int withoutCommits,
            int clockSkew,
            int deployedBeforeMerge) {}

    /** A merged pull request. */
    private record View(
            String repository,
            String id,
            @Nullable String title,
            @Nullable Instant firstCommit,
            boolean squashed,
            Instant ready,
            @Nullable Instant review,
            Instant merged,
            @Nullable String mergeSha,
            @Nullable String headSha,
            @Nullable String cherryPickOf) {}

    /** A pull request where it was deployed. */
    private static final class Entry {
        final View view;
        final BatchOracle.Deployed deployment;
        String judgement;
        long coding;
        long pickup;
        long review;
        long deploy;
        boolean skewed;
        boolean early;

        Entry(View view, BatchOracle.Deployed deployment) {
            this.view = view;
            this.deployment = deployment;
            if (deployment.seed) {
                judgement = "SEED";
            } else if (view.firstCommit == null) {
                judgement = "NO_COMMITS";
            } else if (view.firstCommit.isAfter(deployment.finishedAt())) {
                judgement = "CLOCK_SKEW";
            } else {
                judgement = "COUNTED";
            }
        }

        boolean isBefore(Entry other) {
            int order = deployment.finishedAt().compareTo(other.deployment.finishedAt());
            order = order == 0 ? deployment.id.compareTo(other.deployment.id) : order;
            return order == 0 ? view.id.compareTo(other.view.id) < 0 : order < 0;
        }

        boolean isSameChangeAs(Entry other) {
            return view.repository.equals(other.view.repository)
                    && !view.id.equals(other.view.id)
                    && (view.id.equals(other.view.cherryPickOf)
                            || other.view.id.equals(view.cherryPickOf)
                            || (view.cherryPickOf != null && view.cherryPickOf.equals(other.view.cherryPickOf)));
        }

        /** Walks from the first commit to the end, never back and never beyond. */
        void measure() {
            Instant review = view.review == null ? view.merged : view.review;
            long end = deployment.finishedAt().toEpochMilli();
            long at = Objects.requireNonNull(view.firstCommit).toEpochMilli();
            skewed = view.ready.isBefore(view.firstCommit)
                    || review.isBefore(view.ready)
                    || view.merged.isBefore(review);
            early = view.merged.isAfter(deployment.finishedAt());
            long[] stages = new long[4];
            Instant[] boundaries = {view.ready, review, view.merged, deployment.finishedAt()};
            for (int i = 0; i < stages.length; i++) {
                long next = boundaries[i].toEpochMilli();
                if (next > end) {
                    next = end;
                }
                if (next > at) {
                    stages[i] = next - at;
                    at = next;
                }
            }
            coding = stages[0];
            pickup = stages[1];
            this.review = stages[2];
            deploy = stages[3];
        }

        boolean counts() {
            return judgement.equals("COUNTED");
        }

        long lead() {
            return deployment.finishedAt().toEpochMilli()
                    - Objects.requireNonNull(view.firstCommit).toEpochMilli();
        }

        String line() {
            var flags = new ArrayList<String>();
            if (view.squashed) {
                flags.add("SQUASHED");
            }
            if (counts() && skewed) {
                flags.add("CLOCK_SKEW");
            }
            if (counts() && early) {
                flags.add("DEPLOYED_BEFORE_MERGE");
            }
            String stages = counts() ? lead() + " = " + coding + " " + pickup + " " + review + " " + deploy : judgement;
            return view.repository + "#" + view.id + " " + view.title + " " + deployment.id + " " + view.firstCommit
                    + " " + view.ready + " " + view.review + " " + view.merged + " " + deployment.finished + " "
                    + stages + " " + flags;
        }
    }

    /**
     * Computes everything.
     *
     * @param events all events, each once
     * @param deployments what was deployed where
     */
    PullRequestOracle(Collection<DeliveryEvent> events, BatchOracle deployments) {
        this.deployments = deployments;
        Map<String, List<PullRequestObserved>> byId = new TreeMap<>();
        for (DeliveryEvent event : events) {
            if (event instanceof PullRequestObserved observed) {
                byId.computeIfAbsent(observed.repository() + " " + observed.pullRequestId(), id -> new ArrayList<>())
                        .add(observed);
            }
        }
        byId.values().forEach(this::read);
        deployments.places().forEach(place -> entries.put(place, deployed(place)));
    }

    /** Returns the pull requests that were deployed to a place, one line each, in text order. */
    public List<String> lines(BatchOracle.Place place) {
        return entries.getOrDefault(place, List.of()).stream()
                .map(Entry::line)
                .sorted()
                .toList();
    }

    /** Returns the numbers of the deployments that ended in a range. */
    Numbers numbers(BatchOracle.Place place, Instant start, Instant end) {
        List<Entry> inRange = entries.getOrDefault(place, List.of()).stream()
                .filter(each -> !each.deployment.finishedAt().isBefore(start)
                        && each.deployment.finishedAt().isBefore(end))
                .toList();
        List<Entry> counted = inRange.stream().filter(Entry::counts).toList();
        return new Numbers(
                counted.stream().map(Entry::lead).sorted().toList(),
                sum(counted, each -> each.coding),
                sum(counted, each -> each.pickup),
                sum(counted, each -> each.review),
                sum(counted, each -> each.deploy),
                (int) inRange.stream()
                        .filter(each -> each.judgement.equals("NO_COMMITS"))
                        .count(),
                (int) counted.stream().filter(each -> each.skewed).count(),
                (int) counted.stream().filter(each -> each.early).count());
    }

    private static long sum(List<Entry> entries, ToLongFunction<Entry> stage) {
        return entries.stream().mapToLong(stage).sum();
    }

    private List<Entry> deployed(BatchOracle.Place place) {
        List<Entry> found = new ArrayList<>();
        List<BatchOracle.Deployed> inOrder = deployments.successes(place);
        for (View view : pullRequests) {
            for (BatchOracle.Deployed deployment : inOrder) {
                if (view.repository.equals(deployment.repository)
                        && (deployment.brought.contains(String.valueOf(view.mergeSha))
                                || deployment.brought.contains(String.valueOf(view.headSha)))) {
                    found.add(new Entry(view, deployment));
                    break;
                }
            }
        }
        List<Entry> alone = found.stream().filter(Entry::counts).toList();
        List<Entry> repeated = alone.stream()
                .filter(each -> alone.stream().anyMatch(other -> other.isSameChangeAs(each) && other.isBefore(each)))
                .toList();
        repeated.forEach(each -> each.judgement = "CHERRY_PICK");
        found.stream().filter(Entry::counts).forEach(Entry::measure);
        return found;
    }

    private void read(List<PullRequestObserved> told) {
        List<PullRequestObserved> states = last(told, each -> each.state() != PullRequestState.AMENDED);
        List<PullRequestObserved> ends =
                last(told, each -> each.state() == PullRequestState.MERGED || each.state() == PullRequestState.CLOSED);
        Instant merged = first(ends, PullRequestState.MERGED);
        if (states.isEmpty() || first(states, PullRequestState.DELETED) != null || merged == null) {
            return;
        }
        Instant ready = first(last(told, each -> each.state() == PullRequestState.READY), PullRequestState.READY);
        if (ready == null) {
            ready = first(
                    last(told, each -> each.state() == PullRequestState.OPENED).stream()
                            .filter(opening -> !openedAsDraft(opening, told))
                            .toList(),
                    PullRequestState.OPENED);
        }
        Instant review =
                first(last(told, each -> each.state() == PullRequestState.REVIEWED), PullRequestState.REVIEWED);
        Instant firstCommit = firstCommit(told);
        String repository = told.get(0).repository();
        String mergeSha = said(told, PullRequestObserved::mergeSha);
        boolean squashed = false;
        if (firstCommit == null && mergeSha != null) {
            firstCommit = deployments.authored(repository, mergeSha);
            squashed = firstCommit != null;
        }
        pullRequests.add(new View(
                repository,
                told.get(0).pullRequestId(),
                said(told, PullRequestObserved::title),
                firstCommit,
                squashed,
                ready == null ? merged : ready,
                review == null || review.isAfter(merged) ? null : review,
                merged,
                mergeSha,
                said(told, PullRequestObserved::headSha),
                said(told, PullRequestObserved::cherryPickOf)));
    }

    private static boolean openedAsDraft(PullRequestObserved opening, List<PullRequestObserved> told) {
        List<PullRequestObserved> amendments = told.stream()
                .filter(each -> each.state() == PullRequestState.AMENDED)
                .toList();
        List<PullRequestObserved> speakers = new ArrayList<>(amendments);
        speakers.add(opening);
        return "true".equals(said(speakers, each -> each.draft() == null ? null : String.valueOf(each.draft())));
    }

    private static @Nullable Instant firstCommit(List<PullRequestObserved> told) {
        List<PullRequestObserved> speakers = last(told, each -> listed(each) != null || each.firstCommitAt() != null);
        String list = said(speakers, PullRequestOracle::listed);
        String stated = said(
                speakers,
                each -> each.firstCommitAt() == null
                        ? null
                        : each.firstCommitAt().toString());
        String found = list == null ? stated : list;
        return found == null ? null : Instant.parse(found);
    }

    private static @Nullable String listed(PullRequestObserved observed) {
        if (observed.commits() == null || observed.commits().isEmpty()) {
            return null;
        }
        Instant least = Instant.MAX;
        for (PullRequestObserved.Commit commit : observed.commits()) {
            least = commit.authoredAt().isBefore(least) ? commit.authoredAt() : least;
        }
        return least.toString();
    }

    /** Those of the highest revision among the ones that speak of something. */
    private static List<PullRequestObserved> last(
            List<PullRequestObserved> told, Predicate<PullRequestObserved> speaks) {
        long revision = told.stream()
                .filter(speaks)
                .mapToLong(PullRequestObserved::revision)
                .max()
                .orElse(-1);
        return told.stream()
                .filter(speaks)
                .filter(each -> each.revision() == revision)
                .toList();
    }

    private static @Nullable Instant first(List<PullRequestObserved> told, PullRequestState state) {
        return told.stream()
                .filter(each -> each.state() == state)
                .map(each -> each.header().occurredAt())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** What is said with the highest revision, the last in time of it, the greatest id of those. */
    private static @Nullable String said(
            List<PullRequestObserved> told, Function<PullRequestObserved, @Nullable String> field) {
        return told.stream()
                .filter(each -> field.apply(each) != null)
                .max(Comparator.comparing(PullRequestObserved::revision)
                        .thenComparing(each -> each.header().occurredAt())
                        .thenComparing(each -> each.header().id()))
                .map(field)
                .orElse(null);
    }
}
