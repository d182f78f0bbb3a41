import { GraphDrawStyle, type GridPos, type Panel } from '@grafana/schema';
import { Interval, trend } from '../panels.js';
import { BAND, FAIL_RATE, MARKS, PER_WEEK, REWORK_RATE } from './columns.js';

/** Returns the graph "Deployment frequency by period". */
export function deploymentFrequencyTrend(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Deployment frequency by period',
      sql: 'dora/deployment-frequency-trend',
      gridPos,
      explanation: {
        definition: 'Deployments a week in each calendar period, one series for each service.',
        formula: 'deployments a day in the period × 7; n is their number.',
        source: 'dash.dora_series',
        reading: `${MARKS} Bars are stacked: their height is the sum over the chosen services. ${BAND}`,
      },
    },
    GraphDrawStyle.Bars,
    { ...PER_WEEK, decimals: 1 },
    Interval.BAND,
  );
}

/** Returns the graph "Change lead time p50 by period". */
export function changeLeadTimeTrend(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Change lead time p50 by period',
      sql: 'dora/change-lead-time-trend',
      gridPos,
      explanation: {
        definition: 'The median lead time of the changes deployed in each calendar period, for each service.',
        formula: 'median of finished − authored over counted changes, by the end of their deployment; n changes.',
        source: 'dash.dora_series',
        reading: `${MARKS} Points are not joined: a line would claim values for periods without changes. ${BAND}`,
      },
    },
    GraphDrawStyle.Points,
    { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
    Interval.BAND,
  );
}

/** Returns the graph "Change fail rate by period". */
export function changeFailRateTrend(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Change fail rate by period',
      sql: 'dora/change-fail-rate-trend',
      gridPos,
      explanation: {
        definition: 'The share of the deployments of each calendar period that failed, by service.',
        formula: 'failed / (FORWARD + CONFIG + failed attempts with impact) of the period; n deployments.',
        source: 'dash.dora_series',
        reading: `${MARKS} A failure changes the period of its deployment, also afterwards. ${BAND}`,
      },
    },
    GraphDrawStyle.Points,
    { ...FAIL_RATE, name: 'value' },
    Interval.BAND,
  );
}

/** Returns the graph "Failed deployment recovery time p50 by period". */
export function recoveryTimeTrend(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Failed deployment recovery time p50 by period',
      sql: 'dora/failed-deployment-recovery-time-trend',
      gridPos,
      explanation: {
        definition: 'The median time to recover from a failed deployment in each calendar period, for each service.',
        formula: 'median of restored − start of the impact, by when it was restored; n recoveries.',
        source: 'dash.dora_series',
        reading: `${MARKS} Failures that are still open are not in it. ${BAND}`,
      },
    },
    GraphDrawStyle.Points,
    { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
    Interval.BAND,
  );
}

/** Returns the graph "Deployment rework rate by period". */
export function reworkRateTrend(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Deployment rework rate by period',
      sql: 'dora/deployment-rework-rate-trend',
      gridPos,
      explanation: {
        definition: 'The share of deployments that were not planned in each calendar period, by service.',
        formula: 'rework / (FORWARD + CONFIG + ROLLBACK) of the period; n deployments.',
        source: 'dash.dora_series',
        reading: `${MARKS} A period with deployments and no rework is 0 %. ${BAND}`,
      },
    },
    GraphDrawStyle.Points,
    { ...REWORK_RATE, name: 'value' },
    Interval.BAND,
  );
}
