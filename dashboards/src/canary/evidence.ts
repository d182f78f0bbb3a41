import type { Panel } from '@grafana/schema';
import { ends, LOGARITHMIC, lines, linesBy } from '../lines.js';
import { states, type Column } from '../panels.js';
import { BAD, BASELINE, CANARY, GOOD, GREY, LOOKS, NO_EVIDENCE, STATE_NUMBERS } from './columns.js';

const EFFECT: Column = { name: 'estimate', title: 'Estimate', unit: 'none', decimals: 3 };
const E_VALUE: Column = { name: 'e_value', title: '', unit: 'sci', decimals: 1 };
const DASHES = [10, 10];

/** Returns the graphs of how the verdict came about. */
export function evidence(): Panel[] {
  return [confidenceSequence(), forFailure(), forPass(), timeline()];
}

function confidenceSequence(): Panel {
  const dashed = (name: string, title: string, color: string, unnamed: boolean) => ({
    ...{ ...EFFECT, name, title, color, unnamed },
    ...{ lineWidth: 2, dash: DASHES },
  });
  const panel = lines(
    {
      id: 208,
      title: 'Confidence sequence of ${metric}',
      sql: 'canary/confidence-sequence',
      gridPos: { x: 0, y: 21, w: 24, h: 9 },
      explanation: {
        definition:
          "The canary's value by the baseline's, with an interval that holds at all times at once: however often one looks, it " +
          'has contained the truth all along in at least 1 − alpha of the runs (approximately, where the finding says so).',
        formula:
          'estimate and the ends of the interval as the job computed them; no difference: 1, of a gauge on the linear scale ' +
          '0; tolerated and margin: that plus, where a decrease is bad minus, tolerance and margin; both where either is bad.',
        source: 'dash.canary_evidence',
        reading:
          'The band above "tolerated" speaks for a failure, the band below "margin" for a pass (mirrored where a decrease is ' +
          'bad). The lines have the relative parts alone, so of errors what is allowed on top is not in them: the ' +
          'evidence decides. Without a band an end excludes nothing yet; a band wider than ten margins, which says little, ' +
          `is not drawn, nor is its estimate. ${LOOKS}`,
      },
    },
    [
      { ...EFFECT, color: CANARY, lineWidth: 2 },
      ...ends(EFFECT, CANARY),
      { ...EFFECT, name: 'no_difference', title: 'No difference', color: GREY, lineWidth: 1 },
      dashed('tolerated', 'Tolerated', '#F2CC0C', false),
      dashed('too_bad', 'Margin', BAD, false),
      dashed('tolerated_below', 'Tolerated below', '#F2CC0C', true),
      dashed('too_bad_below', 'Margin below', BAD, true),
    ],
    NO_EVIDENCE,
  );
  return { ...panel, repeat: 'metric', repeatDirection: 'h', maxPerRow: 2 };
}

function forFailure(): Panel {
  return linesBy(
    {
      id: 209,
      title: 'Evidence for a failure',
      sql: 'canary/evidence',
      values: { lines: "[(metric, log_e_fail), ('Σ all metrics', log_e), ('≥ fails', log_e_to_fail)]" },
      gridPos: { x: 0, y: 30, w: 12, h: 9 },
      explanation: {
        definition:
          'The e-value of each metric against the canary being within its tolerance, and of all of them together: the ' +
          'capital that bets have made of 1.',
        formula: 'exp(ln e), drawn from e^−50 to e^50; Σ all metrics: their mean by weight; ≥ fails: 1/alpha.',
        source: 'dash.canary_evidence',
        reading:
          'The run fails when "Σ all metrics" reaches "≥ fails"; if the canary is within its tolerances that happens in at ' +
          'most alpha of the runs, ever. Below 1 the data speak against a failure. It goes on over all stages. A gap is ' +
          `an e-value of 0: all is lost. ${LOOKS}`,
      },
    },
    'evidence',
    E_VALUE,
    { 'Σ all metrics': { color: 'text', lineWidth: 3 }, '≥ fails': { color: BAD, lineWidth: 2, dash: DASHES } },
    NO_EVIDENCE,
    LOGARITHMIC,
  );
}

function forPass(): Panel {
  return linesBy(
    {
      id: 210,
      title: 'Evidence for a pass',
      sql: 'canary/evidence',
      values: { lines: "[(metric, log_e_pass), ('≥ proven', log_e_to_pass)]" },
      gridPos: { x: 12, y: 30, w: 12, h: 9 },
      explanation: {
        definition: 'The e-value of each metric against the canary being at its margin or beyond.',
        formula: 'exp(ln e), drawn from e^−50 to e^50; ≥ proven: 1/beta.',
        source: 'dash.canary_evidence',
        reading:
          'The stage passes when each required metric is at or above "≥ proven" at the same moment. It is of the ' +
          `stage alone, so it falls back to 1 when the next one begins. A gap is an e-value of 0: all is lost. ${LOOKS}`,
      },
    },
    'evidence',
    E_VALUE,
    { '≥ proven': { color: GOOD, lineWidth: 2, dash: DASHES } },
    NO_EVIDENCE,
    LOGARITHMIC,
  );
}

function timeline(): Panel {
  return states(
    {
      id: 211,
      title: 'States of the run and of its metrics',
      sql: 'canary/states',
      gridPos: { x: 0, y: 39, w: 16, h: 7 },
      explanation: {
        definition: 'How the run and each of its metrics stood when.',
        formula: 'the state at the end of each bucket that is kept; equal ones are joined.',
        source: 'dash.canary_evidence',
        reading: `A state lasts until the next one, the last one to the end of the graph. ${LOOKS}`,
      },
    },
    { name: 'standing', title: 'State', unit: 'none', texts: STATE_NUMBERS },
    NO_EVIDENCE,
    'subject',
  );
}

/** Returns the graph of how much was counted of both arms. */
export function samples(top: number): Panel {
  const panel = linesBy(
    {
      id: 214,
      title: 'Samples of ${metric}',
      sql: 'canary/samples',
      gridPos: { x: 0, y: top, w: 24, h: 7 },
      explanation: {
        definition: 'What was counted of each arm since the run began: requests, seconds, or of a gauge buckets.',
        formula: 'n of the baseline and n of the canary.',
        source: 'dash.canary_evidence',
        reading:
          'Both grow as long as there is data of both arms; a flat stretch is one that was not counted. The slopes are as ' +
          `the traffic is split. ${LOOKS}`,
      },
    },
    'arm',
    { name: 'samples', title: '', unit: 'none', decimals: 0 },
    { baseline: { color: BASELINE, lineWidth: 2 }, canary: { color: CANARY, lineWidth: 2, dash: DASHES } },
    NO_EVIDENCE,
  );
  return { ...panel, repeat: 'metric', repeatDirection: 'h', maxPerRow: 3 };
}
