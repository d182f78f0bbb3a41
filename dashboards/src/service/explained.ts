import type { GridPos, Panel } from '@grafana/schema';
import { METRICS } from '../dora/columns.js';
import { table, type Column } from '../panels.js';

/** The names that the gate API has for the metrics of these columns. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['per_week', 'deployment_frequency'],
  ['lead_time_median', 'change_lead_time'],
  ['pull_request_median', 'pull_request_lead_time'],
  ['fail_rate', 'change_fail_rate'],
  ['recovery_median', 'failed_deployment_recovery_time'],
  ['rework_rate', 'deployment_rework_rate'],
  ['success_rate', 'deployment_success_rate'],
  ['time_to_deploy', 'mean_time_to_deploy'],
  ['drifted_share', 'configuration_drift'],
]);

/** Returns the metrics of a row, each with a link to what it is made of; `range` says of which days. */
export function explained(range: string): readonly Column[] {
  return METRICS.map((column) => {
    const metric = NAMES.get(column.name);
    const url =
      '${gate_api:raw}/v1/dora/explain?service=${service:percentencode}&environment=${environment:percentencode}' +
      `&metric=${metric}&${range}`;
    return metric === undefined ? column : { ...column, link: { title: 'What it is made of', url, targetBlank: true } };
  });
}

/** Returns the table of the rolling windows. */
export function windows(id: number, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title: 'Rolling windows',
      sql: 'service/windows',
      gridPos,
      explanation: {
        definition: 'What gates answer from: the metrics of the last 7, 30 and 90 days.',
        formula: 'as the panels above, over the whole local days of the window that ends with "As of".',
        source: 'dash.dora_windows',
        reading:
          'Does not follow the time range. A dash is the absence of data, never 0. Click a number to see each deployment, ' +
          'change, pull request or episode that it counts, what it leaves out and why, and the events that said so.',
      },
    },
    [
      { name: 'days', title: 'Days', unit: 'none', decimals: 0, width: 60 },
      ...explained('window=${__data.fields.days}d'),
      { name: 'as_of_day', title: 'As of', width: 110 },
      { name: 'zone', title: 'Zone', width: 110 },
    ],
  );
}
