package dev.sluice.gateapi.views;

import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.ReadBack;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * What the gate answers from: the newest rows of {@code dora}, {@code current}, {@code progress}, {@code control},
 * {@code verdicts} and {@code rollbacks}, in memory. A {@link ViewReader} fills it; any thread reads it.
 */
public final class Views {
    /** The topics that are held. */
    static final List<Topic> TOPICS =
            List.of(Topic.DORA, Topic.CURRENT, Topic.PROGRESS, Topic.CONTROL, Topic.VERDICTS, Topic.ROLLBACKS);

    private static final Duration LONGEST_UNREAD = Duration.ofMinutes(1);
    private static final String DORA_JOB = "dora";

    private final Clock clock;
    private final Table<DoraRow> dora = new Table<>();
    private final Table<CurrentRow> current = new Table<>();
    private final Table<EnvironmentClassRow> environments = new Table<>();
    /** Keys of those of which it cannot be read what the catalogue says; until it can, also if the partition is read anew. */
    private final Set<String> unreadableEnvironments = ConcurrentHashMap.newKeySet();

    private final Table<Progress> progress = new Table<>();
    private final Table<Control> control = new Table<>(Views::keyId, Views::groups);
    private final Table<CanaryStanding> verdicts = new Table<>();
    private final Table<RollbackRow> rollbacks = new Table<>();
    private final Changes verdictChanges = new Changes();
    private final ReadBack readBack = new ReadBack();
    /** The last moment as of which a partition had been read to its end; absent before the first. */
    private final Map<TopicPartition, Instant> caughtUpAt = new ConcurrentHashMap<>();

    /** The newest progress that a partition's job wrote into it; absent before the first. */
    private final Map<TopicPartition, Instant> heartbeats = new ConcurrentHashMap<>();

    private volatile List<TopicPartition> partitions = List.of();

    /**
     * Creates empty views.
     *
     * @param clock tells how old the data is
     */
    public Views(Clock clock) {
        this.clock = clock;
    }

    /** Returns the metrics of a service in an environment; nothing if none are known. */
    public Optional<Held<DoraRow>> dora(String tenant, String service, String environment) {
        return dora.get(Keys.of(tenant, service, environment));
    }

    /** Returns what runs of a service in an environment; nothing if that is not known. */
    public Optional<Held<CurrentRow>> current(String tenant, String service, String environment) {
        return current.get(Keys.of(tenant, service, environment));
    }

    /** Returns the metrics of all services of a tenant, in no order. */
    public Stream<DoraRow> doraOf(String tenant) {
        return dora.all().stream().map(Held::row).filter(row -> row.tenant().equals(tenant));
    }

    /** Returns what runs where, for all services of a tenant, in no order. */
    public Stream<CurrentRow> currentOf(String tenant) {
        return current.all().stream().map(Held::row).filter(row -> row.tenant().equals(tenant));
    }

    /**
     * Returns whether the catalogue has an environment as production, now or from a later day on. So it may be where this replica
     * has not read for a minute what the catalogue says, or cannot read it.
     */
    public boolean mayBeProduction(String tenant, String environment) {
        Instant now = clock.instant();
        String key = Keys.environmentClass(tenant, environment);
        Optional<Instant> read = readTo(Topic.CURRENT);
        return read.isEmpty()
                || read.get().isBefore(now.minus(LONGEST_UNREAD))
                || unreadableEnvironments.contains(key)
                || environments
                        .get(key)
                        .filter(held -> held.row().isProductionFrom(now))
                        .isPresent();
    }

    /** Returns what holds of something that was set up by the API; nothing if that was never set up, or is deleted. */
    public Optional<Held<Control>> control(String tenant, String kind, String id) {
        return control.get(Keys.of(tenant, kind, id));
    }

    /** Returns where the newest record of something that was set up stands, also of one that is deleted; -1 where there is none. */
    public long controlOffset(String tenant, String kind, String id) {
        return control.offset(Keys.of(tenant, kind, id));
    }

    /** Returns all of a kind that holds, of all tenants, in no order. */
    public Stream<Held<Control>> controls(String kind) {
        return control.of(Keys.of(kind)).stream();
    }

    /** Returns all of a kind and an id that holds, of all tenants, in no order. */
    public Stream<Held<Control>> controls(String kind, String id) {
        return control.of(Keys.of(kind, id)).stream();
    }

    private static List<String> groups(Control control) {
        return List.of(Keys.of(control.kind()), Keys.of(control.kind(), control.id()));
    }

    /** Returns the token of a key id, of whatever tenant; nothing if there is none, or it was revoked. */
    public Optional<Held<Control>> token(String keyId) {
        return control.named(keyId);
    }

    private static Optional<String> keyId(Control control) {
        return control.kind().equals(Control.TOKEN)
                ? Optional.ofNullable(control.document().path("key_id").textValue())
                : Optional.empty();
    }

    /** Returns a number that is another one whenever something that was set up has changed since. */
    public long controlChanges() {
        return control.changes();
    }

    /** Returns how a canary run stands; nothing if nothing was said of it yet, or it is forgotten. */
    public Optional<CanaryStanding> verdict(String tenant, String run) {
        return verdicts.get(Keys.of(tenant, run)).map(Held::row);
    }

    /** Returns when another row of a canary run's standing has been read; whoever waits no longer cancels it. */
    public CompletableFuture<Void> nextVerdict(String tenant, String run) {
        return verdictChanges.next(Keys.of(tenant, run));
    }

    /** Returns the latest order to roll back of each service in each environment, of all tenants, in no order. */
    public Collection<Held<RollbackRow>> rollbacks() {
        return rollbacks.all();
    }

    /** Returns the latest order to roll a service back in an environment; nothing if there is none. */
    public Optional<RollbackRow> rollback(String tenant, String service, String environment) {
        return rollbacks.get(Keys.of(tenant, service, environment)).map(Held::row);
    }

    /** Returns whether all of a topic that is held has been read to its end once. */
    public boolean hasRead(Topic topic) {
        List<TopicPartition> all = partitions.stream()
                .filter(partition -> partition.topic().equals(topic.topicName()))
                .toList();
        return !all.isEmpty() && all.stream().allMatch(caughtUpAt::containsKey);
    }

    /** Returns the moment as of which all of a topic that is held was read to its end; nothing before that. */
    public Optional<Instant> readTo(Topic topic) {
        return hasRead(topic)
                ? partitions.stream()
                        .filter(partition -> partition.topic().equals(topic.topicName()))
                        .map(caughtUpAt::get)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                : Optional.empty();
    }

    /**
     * Returns normally if all that was set up has been read to its end a minute ago at the latest.
     *
     * @throws ApiException 503 if not: what was withdrawn may still be here
     */
    public void requireFreshControl() {
        Optional<Instant> read = readTo(Topic.CONTROL);
        if (read.isEmpty() || read.get().isBefore(clock.instant().minus(LONGEST_UNREAD))) {
            throw new ApiException(
                    ErrorType.UNAVAILABLE, "what was set up has not been read from the log for a minute");
        }
    }

    /** Returns when the record at a place has been read, or one after it; never if neither comes. */
    public CompletableFuture<Void> readBack(TopicPartition partition, long offset) {
        return readBack.of(partition, offset);
    }

    /** Returns the partitions of a topic that is held; none before they are known. */
    List<TopicPartition> partitionsOf(Topic topic) {
        return partitions.stream()
                .filter(partition -> partition.topic().equals(topic.topicName()))
                .toList();
    }

    /** Returns the offset of the newest record that was read of a partition; -1 before the first. */
    long position(TopicPartition partition) {
        return readBack.position(partition);
    }

    /** Returns what the dora job has published of its progress. */
    public Collection<Held<Progress>> doraProgress() {
        return progress.all().stream()
                .filter(held -> held.row().job().equals(DORA_JOB))
                .sorted(Comparator.comparing(Held::key))
                .toList();
    }

    /**
     * Returns how old the knowledge of a service is: since the least of the dora job's progress, the newest heartbeat
     * that was read in the partition of the service's row, and the moment as of which that partition was read to its
     * end. Nothing if one of them is not known. The heartbeat is what counts where progress is read sooner than the rows
     * that it covers: it stands behind them in their own partition.
     *
     * @param service the service's row; empty for one that is not known, which concerns all partitions
     * @param now the moment of the question
     */
    public Optional<Duration> age(Optional<Held<DoraRow>> service, Instant now) {
        List<TopicPartition> concerned = partitions.stream()
                .filter(partition -> partition.topic().equals(Topic.DORA.topicName()))
                .filter(partition -> service.isEmpty() || service.get().partition() == partition.partition())
                .toList();
        var moments = new ArrayList<Instant>();
        for (TopicPartition partition : concerned) {
            Instant read = caughtUpAt.get(partition);
            Instant heartbeat = heartbeats.get(partition);
            if (read == null || heartbeat == null) {
                return Optional.empty();
            }
            moments.add(read);
            moments.add(heartbeat);
        }
        List<Instant> published =
                doraProgress().stream().map(held -> held.row().at()).toList();
        moments.addAll(published);
        if (concerned.isEmpty() || published.isEmpty()) {
            return Optional.empty();
        }
        Duration age =
                Duration.between(moments.stream().min(Comparator.naturalOrder()).orElseThrow(), now);
        return Optional.of(age.isNegative() ? Duration.ZERO : age);
    }

    /** Returns the age of what is known of all services, in seconds; NaN if it is not known. */
    public double ageSeconds() {
        return age(Optional.empty(), clock.instant())
                .map(age -> age.toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    /** Returns the time since the partition that is furthest behind was last read to its end; NaN before that. */
    public double lagSeconds() {
        List<TopicPartition> all = partitions;
        List<Instant> moments =
                all.stream().map(caughtUpAt::get).filter(Objects::nonNull).toList();
        if (all.isEmpty() || moments.size() < all.size()) {
            return Double.NaN;
        }
        Instant earliest = moments.stream().min(Comparator.naturalOrder()).orElseThrow();
        return Duration.between(earliest, clock.instant()).toMillis() / 1000.0;
    }

    /** Returns how many rows are held. */
    public int size() {
        return dora.all().size()
                + current.all().size()
                + environments.all().size()
                + progress.all().size()
                + control.all().size()
                + verdicts.all().size()
                + rollbacks.all().size();
    }

    /** Returns what has not been read to its end once, each a topic and partition; empty when ready. */
    public List<String> missing() {
        List<TopicPartition> all = partitions;
        if (all.isEmpty()) {
            return TOPICS.stream().map(Topic::topicName).toList();
        }
        return all.stream()
                .filter(partition -> !caughtUpAt.containsKey(partition))
                .map(TopicPartition::toString)
                .toList();
    }

    Table<DoraRow> doraTable() {
        return dora;
    }

    Table<CurrentRow> currentTable() {
        return current;
    }

    Table<EnvironmentClassRow> environmentTable() {
        return environments;
    }

    /** Notes whether what the catalogue says of an environment can be read. */
    void environmentRead(String key, boolean readable) {
        if (readable) {
            unreadableEnvironments.remove(key);
        } else {
            unreadableEnvironments.add(key);
        }
    }

    Table<Progress> progressTable() {
        return progress;
    }

    Table<Control> controlTable() {
        return control;
    }

    Table<RollbackRow> rollbackTable() {
        return rollbacks;
    }

    Table<CanaryStanding> verdictTable() {
        return verdicts;
    }

    /** A row of the verdicts has been read, and holds. */
    void verdictRead(String key) {
        verdictChanges.read(key);
    }

    /** The partitions are read from their beginning: until their ends are reached, old rows must not pass for new. */
    void follow(List<TopicPartition> followed) {
        followed.forEach(this::lost);
        partitions = List.copyOf(followed);
    }

    void caughtUp(TopicPartition partition, Instant moment) {
        caughtUpAt.put(partition, moment);
    }

    void heartbeat(TopicPartition partition, Instant progress) {
        heartbeats.put(partition, progress);
    }

    void readTo(TopicPartition partition, long offset) {
        readBack.readTo(partition, offset);
    }

    /** The partition was emptied, or is read anew: what was read of it holds no more. */
    void lost(TopicPartition partition) {
        caughtUpAt.remove(partition);
        heartbeats.remove(partition);
        readBack.lost(partition);
        table(partition.topic()).clear(partition.partition());
        if (partition.topic().equals(Topic.CURRENT.topicName())) {
            environments.clear(partition.partition());
        }
    }

    Table<?> table(String topic) {
        if (topic.equals(Topic.DORA.topicName())) {
            return dora;
        }
        if (topic.equals(Topic.CURRENT.topicName())) {
            return current;
        }
        if (topic.equals(Topic.VERDICTS.topicName())) {
            return verdicts;
        }
        if (topic.equals(Topic.ROLLBACKS.topicName())) {
            return rollbacks;
        }
        return topic.equals(Topic.CONTROL.topicName()) ? control : progress;
    }
}
