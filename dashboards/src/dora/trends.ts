import { GraphDrawStyle, type GridPos, type Panel } from '@grafana/schema';
import { scopeTrend, type Column } from '../panels.js';
import { FAIL_RATE, PERIOD_MARKS, PER_WEEK, REWORK_RATE } from './columns.js';

/** What is told of a metric by period. */
type Trend = {
  title: string;
  definition: string;
  formula: string;
  reading: string;
  value: Column;
  style: GraphDrawStyle.Bars | GraphDrawStyle.Points;
  /** From the unit of the view to that of the panel. */
  factor: string;
};

const TRENDS = {
  deployment_frequency: {
    title: 'Deployment frequency by period',
    definition: 'Deployments a week in each calendar period.',
    formula: 'deployments a day of the period × 7; n is their number.',
    reading: 'A period counts with all its days, also those to come.',
    value: { ...PER_WEEK, decimals: 1 },
    style: GraphDrawStyle.Bars,
    factor: '7',
  },
  change_lead_time: {
    title: 'Change lead time p50 by period',
    definition: 'The median lead time of the changes deployed in each calendar period.',
    formula: 'median of finished − authored over counted changes, by the end of their deployment; n changes.',
    reading: 'Points are not joined: a line would claim values for periods without changes.',
    value: { name: 'value', title: 'Lead time p50', unit: 's', decimals: 1, min: 0 },
    style: GraphDrawStyle.Points,
    factor: '0.001',
  },
  change_fail_rate: {
    title: 'Change fail rate by period',
    definition: 'The share of the deployments of each calendar period that failed.',
    formula: 'failed / (FORWARD + CONFIG + failed attempts with impact) of the period; n deployments.',
    reading: 'A failure changes the period of its deployment, also afterwards.',
    value: FAIL_RATE,
    style: GraphDrawStyle.Points,
    factor: '1',
  },
  failed_deployment_recovery_time: {
    title: 'Failed deployment recovery time p50 by period',
    definition: 'The median time to recover from a failed deployment in each calendar period.',
    formula: 'median of restored − start of the impact, by when it was restored; n recoveries.',
    reading: 'Failures that are still open are not in it.',
    value: { name: 'value', title: 'Recovery time p50', unit: 's', decimals: 1, min: 0 },
    style: GraphDrawStyle.Points,
    factor: '0.001',
  },
  deployment_rework_rate: {
    title: 'Deployment rework rate by period',
    definition: 'The share of deployments that were not planned in each calendar period.',
    formula: 'rework / (FORWARD + CONFIG + ROLLBACK) of the period; n deployments.',
    reading: 'A period with deployments and no rework is 0 %.',
    value: REWORK_RATE,
    style: GraphDrawStyle.Points,
    factor: '1',
  },
} satisfies Record<string, Trend>;

/** Returns the graph of a metric by calendar period, with the interval of each value. */
export function trendOf(metric: keyof typeof TRENDS, id: number, gridPos: GridPos): Panel {
  const { title, definition, formula, reading, value, style, factor } = TRENDS[metric];
  return scopeTrend(
    {
      id,
      title,
      sql: 'dora/trend',
      values: { metric: `'${metric}'`, factor },
      gridPos,
      explanation: { definition, formula, source: 'dash.dora_ranges', reading: `${PERIOD_MARKS} ${reading}` },
    },
    style,
    { ...value, name: 'value' },
  );
}
