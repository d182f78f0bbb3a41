import { GraphDrawStyle } from '@grafana/schema';
import { Interval, trend } from '../panels.js';
import { PER_WEEK, REWORK_RATE, SUCCESS_RATE } from './columns.js';

/** Returns the graphs: metrics by calendar period. */
export function trends() {
  const edges =
    'A mark is a period that begins in the time range, drawn at its first day; the newest period is provisional ' +
    'while it runs. A period without data has no mark. The tooltip shows n.';
  const band =
    'With a single service in the graph, the band is the interval that covers the true value in 95 of 100 samples; a ' +
    'mark with too few observations has none. Between marks the band only joins them.';
  return [
    trend(
      {
        id: 5,
        title: 'Deployment frequency by period',
        sql: 'dora/deployment-frequency-trend',
        gridPos: { x: 0, y: 10, w: 8, h: 9 },
        explanation: {
          definition: 'Deployments a week in each calendar period, one series for each service.',
          formula: 'deployments a day in the period × 7; n is their number.',
          source: 'dash.dora_series',
          reading: `${edges} Bars are stacked: their height is the sum over the chosen services. ${band}`,
        },
      },
      GraphDrawStyle.Bars,
      { ...PER_WEEK, decimals: 1 },
      Interval.BAND,
    ),
    trend(
      {
        id: 6,
        title: 'Change lead time p50 by period',
        sql: 'dora/change-lead-time-trend',
        gridPos: { x: 8, y: 10, w: 8, h: 9 },
        explanation: {
          definition: 'The median lead time of the changes deployed in each calendar period, for each service.',
          formula: 'median of finished − authored over counted changes, by the end of their deployment; n changes.',
          source: 'dash.dora_series',
          reading: `${edges} Points are not joined: a line would claim values for periods without changes. ${band}`,
        },
      },
      GraphDrawStyle.Points,
      { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
      Interval.BAND,
    ),
    trend(
      {
        id: 14,
        title: 'Deployment rework rate by period',
        sql: 'dora/deployment-rework-rate-trend',
        gridPos: { x: 16, y: 10, w: 8, h: 9 },
        explanation: {
          definition: 'The share of deployments that were not planned in each calendar period, by service.',
          formula: 'rework / (FORWARD + CONFIG + ROLLBACK) of the period; n deployments.',
          source: 'dash.dora_series',
          reading: `${edges} A period with deployments and no rework is 0 %. ${band}`,
        },
      },
      GraphDrawStyle.Points,
      { ...REWORK_RATE, name: 'value' },
      Interval.BAND,
    ),
    trend(
      {
        id: 7,
        title: 'Deployment success rate by period',
        sql: 'dora/deployment-success-rate-trend',
        gridPos: { x: 0, y: 19, w: 12, h: 9 },
        explanation: {
          definition: 'The share of finished deployment attempts that succeeded in each calendar period, by service.',
          formula: 'SUCCESS / (SUCCESS + FAILURE) of the period; n attempts.',
          source: 'dash.dora_series',
          reading: `${edges} With one or two attempts 0 %, 50 % and 100 % say little. ${band}`,
        },
      },
      GraphDrawStyle.Points,
      { ...SUCCESS_RATE, name: 'value' },
      Interval.BAND,
    ),
    trend(
      {
        id: 15,
        title: 'Mean time to deploy by period',
        sql: 'dora/mean-time-to-deploy-trend',
        gridPos: { x: 12, y: 19, w: 12, h: 9 },
        explanation: {
          definition: 'The mean time from start to end of the successful attempts of each calendar period, by service.',
          formula:
            'mean of finished − started over the successful attempts of the period with a known start; n of them.',
          source: 'dash.dora_series',
          reading: `${edges} A mean has no interval here, and one slow deployment moves it.`,
        },
      },
      GraphDrawStyle.Points,
      { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
      Interval.NONE,
    ),
  ];
}
