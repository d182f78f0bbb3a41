package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import java.time.Instant;

/** What is long past says nothing to any gate; a few of it go with each thing that is said. */
final class OldStatements {
    private static final int FORGOTTEN_AT_ONCE = 5;

    private final StatementIndex index;
    private final ControlLog log;

    OldStatements(StatementIndex index, ControlLog log) {
        this.index = index;
        this.log = log;
    }

    void forget(Principal principal, String kind, String nextId, Statement next, Instant now) {
        index.of(principal.tenant(), next.service()).stream()
                .filter(said -> said.statement().getClass().equals(next.getClass())
                        && !said.id().equals(nextId)
                        && said.statement().keptUntil().isBefore(now))
                .limit(FORGOTTEN_AT_ONCE)
                .forEach(said -> log.find(new ControlLog.Thing(principal.tenant(), kind, said.id()))
                        .ifPresent(old -> {
                            var unused = log.append(old.deletedBy(principal.id(), now));
                        }));
    }
}
