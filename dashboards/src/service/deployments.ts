import type { GridPos, Panel } from '@grafana/schema';
import { NO_ATTEMPTS, NO_DEPLOYMENTS } from '../dora/columns.js';
import { counts, states } from '../panels.js';

const GOOD = 'green';
const FAILED = 'red';
const ROLLED_BACK = '#B877D9';

/** Returns the band of what ran when, and how it turned out. */
export function timeline(id: number, gridPos: GridPos): Panel {
  return states(
    {
      id,
      title: 'Deployment timeline',
      sql: 'service/timeline',
      gridPos,
      explanation: {
        definition: 'Successful deployments, each until the next one, by how they turned out.',
        formula:
          'failed: change fail rate counts it as failed; rolled back: it went back to an earlier version; good: all ' +
          'others. The first 1000 of the time range, by finish.',
        source: 'dash.deployments',
        reading:
          'A stretch begins with the end of a deployment. A red one lasts until the next deployment, which need not be ' +
          'when it was recovered from: see "Failed deployments". What ran before the first one in range is not shown.',
      },
    },
    {
      name: 'deployment',
      title: 'Deployed',
      texts: {
        good: { text: 'good', color: GOOD },
        failed: { text: 'failed', color: FAILED },
        'rolled back': { text: 'rolled back', color: ROLLED_BACK },
      },
    },
    NO_DEPLOYMENTS,
  );
}

/** Returns the graph of attempts by how they turned out. */
export function deployments(id: number, gridPos: GridPos): Panel {
  return counts(
    {
      id,
      title: 'Deployment attempts by outcome',
      sql: 'service/deployments-by-outcome',
      gridPos,
      explanation: {
        definition: 'Finished deployment attempts of each calendar period, by how they turned out.',
        formula:
          'failed: change fail rate counts it as failed; rollback: it went back to an earlier version; good: another ' +
          'success; failure, cancelled, skipped, timed_out: it did not succeed.',
        source: 'dash.deployments',
        reading:
          'Incidents and rollbacks are marked over it. Bars stand at the first day of their period; the first and the ' +
          'last may be cut by the time range. A period without attempts has no bar.',
      },
    },
    { name: 'attempts', title: '', unit: 'none', decimals: 0, nothing: NO_ATTEMPTS },
    'outcome',
    {
      good: GOOD,
      failed: FAILED,
      rollback: ROLLED_BACK,
      failure: 'orange',
      cancelled: '#808080',
      skipped: '#B0B0B0',
      timed_out: 'yellow',
    },
  );
}
