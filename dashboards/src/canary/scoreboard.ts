import type { Panel } from '@grafana/schema';
import { table, type Column } from '../panels.js';
import { GREY, OF_THE_RUN, STATE_TEXTS } from './columns.js';

const METRIC: Column = { name: 'metric', title: 'Metric', width: 120 };
const KIND: Column = { name: 'kind', title: 'Kind', width: 84 };
const DIRECTION: Column = { name: 'direction', title: 'Bad is', width: 81 };
const VERDICT: Column = { name: 'verdict', title: 'Verdict', texts: STATE_TEXTS, width: 100 };

/** Returns the tables of why the run stands as it does: in words, and each metric in numbers. */
export function scoreboard(): Panel[] {
  return [why(), findings(), numbers()];
}

function why(): Panel {
  return table(
    {
      id: 205,
      title: 'Why',
      sql: 'canary/why',
      gridPos: { x: 0, y: 5, w: 12, h: 8 },
      explanation: {
        definition: 'Why the run stands as it does, in words and numbers.',
        formula:
          'reasons of the verdict, the first one first; doubts, for which the stage does not pass; what is wrong with the ' +
          'source that series are asked of; notes, which one must know about all of it.',
        source: 'dash.canary_runs',
        reading: `${OF_THE_RUN} A doubt or a condition is about the data, not about the canary.`,
      },
    },
    [
      {
        name: 'what',
        title: 'What',
        width: 90,
        texts: {
          reason: { text: 'reason', color: 'text' },
          doubt: { text: 'doubt', color: 'orange' },
          condition: { text: 'condition', color: 'orange' },
          note: { text: 'note', color: GREY },
        },
      },
      { name: 'text', title: 'Text', wraps: true },
    ],
    'nothing said yet',
  );
}

function findings(): Panel {
  return table(
    {
      id: 206,
      title: 'What each metric says',
      sql: 'canary/findings',
      gridPos: { x: 12, y: 5, w: 12, h: 8 },
      explanation: {
        definition: 'What was found of each metric, in words and numbers, with its unit or quantile.',
        formula: 'the reason of the newest row of the metric.',
        source: 'dash.canary_evidence',
        reading:
          `${OF_THE_RUN} A metric is Failed if it is proven to be beyond its tolerance by itself, Successful if it is proven ` +
          'to be within its margin. Inconclusive, while the run goes on: nothing is proven of it yet.',
      },
    },
    [METRIC, KIND, DIRECTION, VERDICT, { name: 'reason', title: 'Finding', wraps: true }],
    'nothing measured yet',
  );
}

function numbers(): Panel {
  const effect = (name: string, title: string): Column => ({
    name,
    title,
    unit: 'none',
    decimals: 3,
    width: 82,
    wraps: true,
  });
  const log = (name: string, title: string): Column => ({
    name,
    title,
    unit: 'none',
    decimals: 2,
    width: 74,
    wraps: true,
  });
  const arm = (name: string, title: string): Column[] => [
    { name: `${name}_n`, title: `${title} (n)`, unit: 'none', decimals: 0, width: 82, wraps: true },
    { name: `${name}_events`, title: `${title} events`, unit: 'none', decimals: 0, width: 82, wraps: true },
    // errors are rare: of a share of them more than one decimal counts
    {
      name: `${name}_share`,
      title: `${title} share`,
      unit: 'percentunit',
      decimals: 3,
      min: 0,
      max: 1,
      width: 82,
      wraps: true,
    },
  ];
  return table(
    {
      id: 207,
      title: 'Scoreboard',
      sql: 'canary/scoreboard',
      gridPos: { x: 0, y: 13, w: 24, h: 8 },
      explanation: {
        definition:
          "Each metric in numbers: the canary's value by the baseline's, what is tolerated of it, and the evidence for a " +
          'failure and for a pass, each beside what is needed.',
        formula:
          'estimate: canary / baseline (1 is no difference), on the linear scale of a gauge canary − baseline (0 is none), ' +
          'with its confidence sequence; ln e: natural logarithms of e-values; share: events / n.',
        source: 'dash.canary_evidence',
        reading:
          `${OF_THE_RUN} An end without a number excludes nothing on its side; ln e without one is that of 0. Tolerance and margin are the relative parts (of a ` +
          'linear gauge the absolute ones): 0.1 is 10 %; what a config adds in absolute numbers, as it does for errors ' +
          'unless told otherwise, is in "What each metric says". "To fail" is what all metrics together need; one alone needs ' +
          'more, by its weight. Below the floor a difference may be one of pods.',
      },
    },
    [
      METRIC,
      VERDICT,
      effect('estimate', 'Estimate'),
      effect('lower', 'From'),
      effect('upper', 'To'),
      effect('tolerance', 'Tolerance'),
      effect('margin', 'Margin'),
      effect('resolution_floor', 'Floor'),
      log('log_e_fail', 'ln e failure'),
      log('log_e_to_fail', 'To fail'),
      log('log_e_pass', 'ln e pass'),
      log('log_e_to_pass', 'To pass'),
      ...arm('baseline', 'Baseline'),
      ...arm('canary', 'Canary'),
    ],
    'nothing measured yet',
  );
}
