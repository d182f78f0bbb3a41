package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Writes what is set of canary runs, as {@link ControlLog} does. */
public final class RunLog {
    private final ControlLog log;

    /**
     * Creates a log.
     *
     * @param log of all that is set up
     */
    public RunLog(ControlLog log) {
        this.log = log;
    }

    /**
     * Changes a run.
     *
     * @param who changes it, of its tenant
     * @param id its id
     * @param change makes what is to hold of what holds; nothing if nothing is to be changed
     * @return whether it was changed; as {@link ControlLog#change}
     * @throws dev.sluice.gateapi.http.ApiException 503 if another change of the run is under way, or too much else is
     */
    CompletableFuture<Boolean> change(
            Principal who, String id, Function<Optional<Run>, Optional<CanaryRunDocument>> change) {
        return log.change(
                new ControlLog.Thing(who.tenant(), Control.CANARY, id),
                who.id(),
                present -> change.apply(present.map(Run::of)).map(document -> ControlLog.Content.of(document.json())));
    }
}
