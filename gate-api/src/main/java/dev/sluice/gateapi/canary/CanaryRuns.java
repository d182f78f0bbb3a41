package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The canary runs of tenants, as this replica has read them from the log. Each tenant has its own ids. */
public final class CanaryRuns {
    private final Views views;

    /**
     * Creates them.
     *
     * @param views follows what has been set up
     */
    public CanaryRuns(Views views) {
        this.views = views;
    }

    /**
     * Returns normally if this replica knows all runs and how they stand.
     *
     * @throws ApiException 503 if it has not read them all yet
     */
    void requireRead() {
        if (!views.hasRead(Topic.CONTROL) || !views.hasRead(Topic.VERDICTS)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "the canary runs have not been read from the log yet");
        }
    }

    /** Returns a run; nothing if the tenant has none of this id. */
    Optional<Run> find(String tenant, String id) {
        return views.control(tenant, Control.CANARY, id).map(Held::row).map(Run::of);
    }

    /**
     * Returns a run.
     *
     * @throws ApiException 404 if the tenant has none of this id
     */
    Run own(String tenant, String id) {
        return find(tenant, id).orElseThrow(CanaryRuns::notFound);
    }

    /** Returns the problem that the tenant has no run of the id that is asked for. */
    static ApiException notFound() {
        return new ApiException(ErrorType.NOT_FOUND, "there is no such canary run");
    }

    /**
     * Returns the runs of all tenants that deployments may change, in no order. Others are not even read: there may be many, and this is
     * asked every second.
     */
    Stream<Run> followingDeployments() {
        return views.controls(Control.CANARY)
                .map(Held::row)
                .filter(control -> FollowedDeployment.mayChange(control.document()))
                .map(Run::of);
    }

    /** Returns all runs of a tenant, in no order. */
    Stream<Run> of(String tenant) {
        return withIds(tenant, id -> true);
    }

    /** Returns the runs of a tenant with such ids, in no order. */
    Stream<Run> withIds(String tenant, Predicate<String> ids) {
        return views.controls(Control.CANARY)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant) && ids.test(control.id()))
                .map(Run::of);
    }

    /**
     * A run.
     *
     * @param tenant whose it is
     * @param id its id
     * @param document what is set of it
     */
    record Run(String tenant, String id, CanaryRunDocument document) {
        static Run of(Control control) {
            return new Run(control.tenant(), control.id(), CanaryRunDocument.of(control));
        }
    }
}
