import type { GridPos, Panel } from '@grafana/schema';
import { FEW } from '../dora/columns.js';
import { table } from '../panels.js';
import {
  counted,
  DECISION,
  decisionId,
  GATE,
  NO_DEPLOYMENTS,
  SERVICE,
  share,
  STANDING,
  STANDINGS,
  time,
  VERSION,
} from './columns.js';

/** Returns the table of what was deployed past the gates. */
export function bypasses(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Deployed past the gates',
      sql: 'gate/bypasses',
      gridPos,
      explanation: {
        definition:
          'Successful deployments that no decision in force had allowed, in an environment whose gates have been asked at all.',
        formula:
          'the 100 that began last; a decision is of a deployment if both name the version, the digest or the commit and differ in ' +
          'none; it counts from its answer to an hour after it expires.',
        source: 'dash.gate_bypasses',
        reading:
          `${STANDING} A rollback that nobody asked for is "expired" as a rule. One decision that allows is enough, also where ` +
          'another gate denied. Began: its end, where the start is not known.',
      },
    },
    [
      time('at', 'Began'),
      SERVICE,
      VERSION,
      { name: 'kind', title: 'Kind', texts: STANDINGS, width: 85 },
      { name: 'deployment_kind', title: 'Deployment', width: 105 },
      { name: 'failure', title: 'Failed', texts: { failed: { text: 'failed', color: 'red' } }, width: 70 },
      GATE,
      { ...DECISION, title: 'Last decision', width: 110 },
      time('decided_at', 'Decided'),
      time('expires_at', 'Expired'),
      decisionId('decision_id'),
      { name: 'id', title: 'Deployment id' },
    ],
    'nothing went past the gates',
  );
}

/** Returns the table of how deployments turned out, by how they stand to the decisions. */
export function quality(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'What the gates were worth',
      sql: 'gate/quality',
      gridPos,
      explanation: {
        definition: 'How many deployments failed that were allowed, and how many of those that went past the gates.',
        formula:
          'failed / n, where change fail rate judges n of the deployments; Wilson interval of 95 %, from five on.',
        source: 'dash.gate_quality',
        reading:
          'allowed: what the gates let through, and failed all the same. against: what they had denied, and was deployed; few ' +
          'failures there speak against the rules. Failures come late: the newest deployments may still turn out to be failed. Overlapping ' +
          'intervals tell no difference.',
      },
    },
    [
      { name: 'standing', title: 'Decision', texts: STANDINGS, width: 90 },
      counted('deployments', 'Deployed', { width: 85 }),
      share('value', 'Failed', { width: 75 }),
      share('lower', '95 % from', { width: 85 }),
      share('upper', '95 % to', { width: 75 }),
      counted('failed', 'Failures', { width: 75 }),
      counted('n', 'Judged (n)', { width: 95, thresholds: FEW }),
    ],
    NO_DEPLOYMENTS,
  );
}

/** Returns the table of overrides. */
export function overrides(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Override audit',
      sql: 'gate/overrides',
      gridPos,
      explanation: {
        definition: 'Decisions that people let pass: who asked for it, who approved it, why and for how long.',
        formula:
          'the 100 newest decisions with an override; force: whether the override ends before the time range does.',
        source: 'dash.gate_decisions',
        reading:
          'Approved by "the same": requester and approver are one, which four eyes forbid; "nobody": the record names no approver. ' +
          'What was overridden stands in the decision.',
      },
    },
    [
      time('decided_at', 'Decided'),
      SERVICE,
      VERSION,
      GATE,
      { name: 'requester', title: 'Requested by', nothing: 'not said', width: 110 },
      { name: 'approver', title: 'Approved by', nothing: 'not said', width: 110 },
      {
        name: 'approved_by',
        title: 'That is',
        width: 85,
        texts: {
          another: { text: 'another', color: 'green' },
          'the same': { text: 'the same', color: 'red' },
          nobody: { text: 'nobody', color: 'red' },
        },
      },
      { name: 'reason', title: 'Reason', wraps: true },
      { name: 'ticket', title: 'Ticket', width: 90 },
      time('expires_at', 'Ends'),
      {
        name: 'force',
        title: 'Force',
        width: 82,
        texts: { expired: { text: 'expired', color: '#808080' }, 'in force': { text: 'in force', color: 'orange' } },
      },
      decisionId('id'),
    ],
    'no overrides in range',
  );
}

/** Returns the table of decisions that were used up. */
export function consumptions(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Consumed decisions',
      sql: 'gate/consumptions',
      gridPos,
      explanation: {
        definition: 'Decisions that were used up, by whom, and how soon.',
        formula: 'the 100 that were consumed last; after: consumed − decided; claims: how many have tried.',
        source: 'dash.gate_consumptions',
        reading: 'More than one claim: others came later, or the same one asked again, and one got it.',
      },
    },
    [
      time('consumed_at', 'Consumed'),
      SERVICE,
      VERSION,
      { name: 'consumer', title: 'Consumer', width: 120 },
      { name: 'principal', title: 'Credential', width: 95 },
      { name: 'after', title: 'After', unit: 's', decimals: 1, width: 82 },
      counted('claims', 'Claims', { width: 65 }),
      decisionId('decision_id'),
    ],
    'no decision consumed in range',
  );
}
