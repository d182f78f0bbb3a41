package dev.sluice.dorajob;

import dev.sluice.delivery.Incident;
import dev.sluice.delivery.Table;
import dev.sluice.dora.FailureClaim;
import dev.sluice.dora.FailureTables;
import dev.sluice.dora.IncidentJudgement;
import dev.sluice.dorajob.state.CauseState;
import dev.sluice.dorajob.state.ClaimState;
import dev.sluice.dorajob.state.IncidentChange;
import dev.sluice.dorajob.state.JudgementState;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The tables of incidents and failures in keyed state.
 *
 * @param incidents see {@link FailureTables#incidents()}
 * @param startedOn see {@link FailureTables#startedOn()}
 * @param resolvedOn see {@link FailureTables#resolvedOn()}
 * @param openIncidents see {@link FailureTables#openIncidents()}
 * @param judgements see {@link FailureTables#judgements()}
 * @param linked see {@link FailureTables#linked()}
 * @param rootCauses see {@link FailureTables#rootCauses()}
 * @param causes see {@link FailureTables#causes()}
 * @param claims see {@link FailureTables#claims()}
 * @param repaired see {@link FailureTables#repaired()}
 * @param reverted see {@link FailureTables#reverted()}
 * @param restoredOn see {@link FailureTables#restoredOn()}
 * @param openFailures see {@link FailureTables#openFailures()}
 */
record StateFailureTables(
        Table<String, Incident> incidents,
        Table<Long, List<String>> startedOn,
        Table<Long, List<String>> resolvedOn,
        Table<String, Long> openIncidents,
        Table<String, IncidentJudgement> judgements,
        Table<String, List<String>> linked,
        Table<String, List<String>> rootCauses,
        Table<String, Cause> causes,
        Table<String, List<FailureClaim>> claims,
        Table<String, String> repaired,
        Table<String, List<String>> reverted,
        Table<Long, List<String>> restoredOn,
        Table<String, Long> openFailures)
        implements FailureTables {
    private static final TypeInformation<List<String>> TEXTS = Types.LIST(Types.STRING);

    /** Opens the tables of the operator that the context belongs to. */
    static StateFailureTables open(RuntimeContext context) {
        return new StateFailureTables(
                StateTable.mapped(
                        context, "incidents", IncidentChange.class, IncidentChange::of, IncidentChange::toDomain),
                StateTable.plain(context, "started-on", Types.LONG, TEXTS),
                StateTable.plain(context, "resolved-on", Types.LONG, TEXTS),
                StateTable.plain(context, "open-incidents", Types.STRING, Types.LONG),
                StateTable.mapped(
                        context, "judgements", JudgementState.class, JudgementState::of, JudgementState::toDomain),
                StateTable.plain(context, "linked", Types.STRING, TEXTS),
                StateTable.plain(context, "root-causes", Types.STRING, TEXTS),
                StateTable.mapped(context, "causes", CauseState.class, CauseState::of, CauseState::toDomain),
                StateTable.lists(
                        context, "claims", Types.STRING, ClaimState.class, ClaimState::of, ClaimState::toDomain),
                StateTable.plain(context, "repaired", Types.STRING, Types.STRING),
                StateTable.plain(context, "reverted", Types.STRING, TEXTS),
                StateTable.plain(context, "restored-on", Types.LONG, TEXTS),
                StateTable.plain(context, "open-failures", Types.STRING, Types.LONG));
    }
}
