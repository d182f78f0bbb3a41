import type { Panel } from '@grafana/schema';
import { FEW, RED_FROM_ONE } from '../dora/columns.js';
import { stat } from '../panels.js';
import { ALARMING, counted, NO_DECISIONS, NO_DEPLOYMENTS, share } from './columns.js';

/** Returns how gates decided, who went round them, and what was deployed past them. */
export function answers(): Panel[] {
  return [decisions(), overridden(), bypassed()];
}

function decisions(): Panel {
  return stat(
    {
      id: 301,
      title: 'Decisions',
      sql: 'gate/decisions',
      gridPos: { x: 0, y: 0, w: 9, h: 5 },
      explanation: {
        definition: 'What gates were asked and how they answered, in the time range.',
        formula:
          'n: decisions by the time of their answer; denied and errors: their share of n; pending: not decided yet.',
        source: 'dash.gate_decisions',
        reading:
          'A pending decision counts as what it became. An error is that a rule could not be judged: it allows nothing, and ' +
          'somebody has to look at the rule or its data.',
      },
    },
    [
      counted('decisions', 'Decisions (n)', { thresholds: FEW }),
      share('denied', 'Denied'),
      share('errors', 'Errors', {
        thresholds: [
          { color: 'text', value: null },
          { color: 'orange', value: 0.001 },
        ],
      }),
      counted('pending', 'Still pending'),
    ],
    NO_DECISIONS,
  );
}

function overridden(): Panel {
  return stat(
    {
      id: 302,
      title: 'Overrides and exemptions',
      sql: 'gate/overridden',
      gridPos: { x: 9, y: 0, w: 8, h: 5 },
      explanation: {
        definition:
          'Decisions that people let pass, and decisions in which an exemption kept a rule from deciding, in the time range.',
        formula:
          'overrides: with an override; own approval: requester and approver are the same; exempted: with a rule that was kept from it.',
        source: 'dash.gate_decisions',
        reading: 'Each override stands in "Override audit". One that nobody else approved is one person’s decision.',
      },
    },
    [
      counted('overrides', 'Overrides', { thresholds: ALARMING }),
      counted('by_one', 'Own approval', { thresholds: RED_FROM_ONE }),
      counted('exempted', 'Exempted'),
      counted('decisions', 'Decisions (n)', { thresholds: FEW }),
    ],
    NO_DECISIONS,
  );
}

function bypassed(): Panel {
  return stat(
    {
      id: 303,
      title: 'Deployed without a decision',
      sql: 'gate/bypassed',
      gridPos: { x: 17, y: 0, w: 7, h: 5 },
      explanation: {
        definition:
          'Successful deployments that no decision in force had allowed, in an environment whose gates have been asked at all.',
        formula:
          'bypasses: deployments that began in the time range without such a decision; against: those of them whose last decision ' +
          'does not allow; n: all successful deployments since the first decision of the environment.',
        source: 'dash.gate_deployments',
        reading:
          'Each stands in "Deployed past the gates". Nothing is shown before the first decision of an environment.',
      },
    },
    [
      counted('bypasses', 'Bypasses', { thresholds: RED_FROM_ONE }),
      counted('against', 'Against', { thresholds: RED_FROM_ONE }),
      counted('deployments', 'Deployments (n)', { thresholds: FEW }),
    ],
    NO_DEPLOYMENTS,
  );
}
