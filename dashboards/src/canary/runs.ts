import type { GridPos, Panel } from '@grafana/schema';
import { FEW } from '../dora/columns.js';
import { stat, table, type Column } from '../panels.js';
import { NEW_VERSION, NO_RUNS, STATE_TEXTS, VERSION_IN_PLACE } from './columns.js';

/** Leads to the run of a row, and to its time. */
const RUN: Column = {
  name: 'run',
  title: 'Run',
  width: 180,
  link: {
    title: 'This run over time',
    url:
      '/d/sluice-canary/canary-live?var-run=${__data.fields.run:percentencode}' +
      '&var-service=${__data.fields.service:percentencode}&${clickhouse_datasource:queryparam}&${tenant:queryparam}' +
      '&${environment:queryparam}&from=${__data.fields.started_at.numeric}&to=${__data.fields.until:percentencode}',
  },
};

const STATE: Column = {
  name: 'state',
  title: 'State',
  texts: STATE_TEXTS,
  width: 110,
  link: {
    title: 'The page of the run, with its reasons',
    url: '${gate_api:raw}/canaries/${__data.fields.run:percentencode}',
    targetBlank: true,
  },
};

/** Returns the table of canary runs. */
export function runs(id: number, title: string, gridPos: GridPos): Panel {
  return table(
    {
      id,
      title,
      sql: 'canary/runs',
      gridPos,
      explanation: {
        definition: 'Canary runs that went on at some time in the range, each as it stands.',
        formula:
          'the 100 that started last; duration: the end of the last judged bucket − the start; the first reason.',
        source: 'dash.canary_runs',
        reading:
          'Click a run to see how its verdict came about, and its state for the page with all of it. An A/A twin compares ' +
          'two halves of the baseline: where it failed, what the run found may be of pods.',
      },
    },
    [
      { name: 'started_at', title: 'Started', unit: 'dateTimeAsIso', width: 170 },
      { name: 'service', title: 'Service', width: 110 },
      RUN,
      STATE,
      { ...VERSION_IN_PLACE, width: 90 },
      { ...NEW_VERSION, width: 90 },
      { name: 'duration', title: 'Duration', unit: 's', decimals: 1, width: 95 },
      { name: 'twin', title: 'A/A twin', texts: STATE_TEXTS, width: 100 },
      { name: 'reason', title: 'Reason', wraps: true },
      { name: 'doubts', title: 'Doubts', wraps: true },
      { name: 'until', title: 'Until', hidden: true },
    ],
    NO_RUNS,
  );
}

/** Returns the false-alarm rate that the traffic has: that of A/A twins. */
export function twins(id: number, gridPos: GridPos): Panel {
  const share = (name: string, title: string): Column => ({
    ...{ name, title, unit: 'percentunit' },
    ...{ decimals: 1, min: 0, max: 1 },
  });
  return stat(
    {
      id,
      title: 'False alarms of A/A twins in range',
      sql: 'canary/twins',
      gridPos,
      explanation: {
        definition:
          "The share of A/A twins that failed: the same tests between two halves of the baseline's pods, which are of one " +
          'version, so that each failure is a false alarm.',
        formula:
          'failed / n over the runs of the service, or of all, that ended in the time range and had a twin; Wilson interval ' +
          'of 95 %. Alpha: what the runs promise by their configs, as a mean.',
        source: 'dash.canary_twins',
        reading:
          'If "95 % from" is above alpha, your traffic breaks the promise: errors come in bursts, or pods differ. With few ' +
          'runs the interval is wide, and says little. A run has a twin where the pods of the baseline are known.',
      },
    },
    [
      share('value', 'Failed'),
      share('lower', '95 % from'),
      share('upper', '95 % to'),
      share('alpha', 'Alpha'),
      { name: 'failed', title: 'Twins that failed', unit: 'none', decimals: 0 },
      { name: 'n', title: 'Twins (n)', unit: 'none', decimals: 0, thresholds: FEW },
    ],
    'none has ended',
  );
}
