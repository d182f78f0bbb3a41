import type { GridPos, Panel } from '@grafana/schema';
import { FEW } from '../dora/columns.js';
import { counts, table } from '../panels.js';
import {
  counted,
  DECISION,
  decisionId,
  GATE,
  NO_DECISIONS,
  OUTCOME,
  OUTCOME_COLOURS,
  SERVICE,
  share,
  time,
  VERSION,
} from './columns.js';

/** Returns the graph of how gates answered over time. */
export function outcomes(id: number, gridPos: GridPos): Panel {
  const panel = counts(
    {
      id,
      title: 'Decisions by outcome',
      sql: 'gate/outcomes',
      gridPos,
      explanation: {
        definition: 'Decisions over time, by what the gates answered.',
        formula:
          'count of decisions by the time of their answer, in intervals of the time range’s hundredth part or so.',
        source: 'dash.gate_decisions',
        reading:
          'Bars stand at the beginning of their interval, which is not cut to the time range. A pending decision counts as what ' +
          'it became. Incidents and rollbacks are marked over it.',
      },
    },
    { name: 'decisions', title: '', unit: 'none', decimals: 0, nothing: NO_DECISIONS },
    'decision',
    OUTCOME_COLOURS,
  );
  return { ...panel, interval: '1m', maxDataPoints: 100 };
}

/** Returns the table of what stopped deployments. */
export function reasons(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Why not allowed',
      sql: 'gate/reasons',
      gridPos,
      explanation: {
        definition: 'Which enforced rules did not allow, and how often.',
        formula:
          'decisions by outcome, policy, rule and code of the rule; the 20 most frequent; without what an exemption kept from deciding.',
        source: 'dash.gate_rules',
        reading:
          'A decision counts once for each rule that did not allow, also where an override let it pass. Without a policy the gate’s own check did not: there is no ' +
          'policy, or nothing is known of the service. The reason is that of the newest one.',
      },
    },
    [
      counted('decisions', 'Decisions', { width: 82 }),
      OUTCOME,
      { name: 'policy', title: 'Policy', width: 90 },
      { name: 'rule', title: 'Rule', width: 110 },
      { name: 'code', title: 'Code', width: 130 },
      { name: 'last_reason', title: 'Reason', wraps: true },
    ],
    'nothing was stopped',
  );
}

/** Returns the table of policies and how they answered. */
export function policies(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'By policy',
      sql: 'gate/policies',
      gridPos,
      explanation: {
        definition: 'Each policy with its version and content, and what it answered by itself.',
        formula: 'the worst outcome of its enforced rules, of which an exempted one allows; share: denied / n.',
        source: 'dash.gate_policies',
        reading:
          'One version with two digests was changed without counting on. Not judged: nothing was known of the service. What a ' +
          'gate answers is the worst of all its policies.',
      },
    },
    [
      { name: 'policy', title: 'Policy', width: 85 },
      { name: 'version', title: 'Version', width: 68 },
      { name: 'content', title: 'Digest', width: 165 },
      counted('allowed', 'Allowed', { width: 70 }),
      counted('denied', 'Denied', { width: 65 }),
      counted('pending', 'Pending', { width: 70 }),
      counted('errors', 'Errors', { width: 60 }),
      counted('not_judged', 'Not judged', { width: 90 }),
      share('share', 'Denied of all', { width: 100 }),
      counted('decisions', 'n', { width: 50, thresholds: FEW }),
    ],
    NO_DECISIONS,
  );
}

/** Returns the table of rules that decide nothing yet. */
export function trials(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Rules on trial',
      sql: 'gate/trials',
      gridPos,
      explanation: {
        definition: 'Rules of the modes warn and observe, which decide nothing: what they would have stopped.',
        formula:
          'would stop: decisions that the rule did not allow; alone: those of them that were allowed; share: would stop / n; the 20 ' +
          'that would have changed most.',
        source: 'dash.gate_rules',
        reading:
          '"Alone" is how many answers would change if the rule were enforced. None: enforcing it changes nothing.',
      },
    },
    [
      { name: 'policy', title: 'Policy', width: 90 },
      { name: 'rule', title: 'Rule', width: 115 },
      { name: 'mode', title: 'Mode', width: 75 },
      counted('stopped', 'Would stop', { width: 90 }),
      counted('stopped_alone', 'Alone', { width: 62 }),
      share('share', 'Share', { width: 70 }),
      counted('decisions', 'n', { width: 50, thresholds: FEW }),
    ],
    'no rules on trial in range',
  );
}

/** Returns the table of the newest decisions. */
export function latest(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Latest decisions',
      sql: 'gate/latest',
      gridPos,
      explanation: {
        definition: 'The newest decisions, why, and who asked.',
        formula:
          'the 100 newest by the time of the answer; version: else commit, else digest, as far as the caller said.',
        source: 'dash.gate_decisions',
        reading:
          'Click the id for the decision in full: each rule with what it saw, and the policies with their digests.',
      },
    },
    [
      time('decided_at', 'Decided'),
      SERVICE,
      VERSION,
      GATE,
      DECISION,
      { name: 'code', title: 'Code', width: 130 },
      { name: 'reason', title: 'Reason', wraps: true },
      { name: 'principal', title: 'Asked by', width: 110 },
      decisionId('id'),
    ],
    NO_DECISIONS,
  );
}
