import { BigValueColorMode, VizOrientation, type Panel } from '@grafana/schema';
import { stat } from '../panels.js';
import { NEW_VERSION, NOT_IN_SIGHT, NO_RUN, OF_THE_RUN, STATE_TEXTS, VERSION_IN_PLACE } from './columns.js';

/** Returns how the run stands now, on how much that rests, and how long it may still take. */
export function answer(): Panel[] {
  return [verdict(), run(), traffic(), time()];
}

function verdict(): Panel {
  return stat(
    {
      id: 201,
      title: 'Verdict now',
      sql: 'canary/verdict',
      gridPos: { x: 0, y: 0, w: 4, h: 5 },
      explanation: {
        definition:
          'How the run stands. Failed is proof that the canary is beyond what is tolerated, and final; Successful is proof ' +
          'that it is within its margins, now and for this stage.',
        formula:
          'Failed: the evidence of all metrics together reaches 1/alpha. Successful: that of each required metric for a ' +
          'pass is 1/beta at least, and there is no doubt of the data.',
        source: 'dash.canary_runs',
        reading:
          `${OF_THE_RUN} Pending and Running: nothing is proven yet. Inconclusive is too little data, not a failure; Error ` +
          'is that nothing could be measured. Neither is a reason to go on.',
      },
    },
    [{ name: 'state', title: 'State', texts: STATE_TEXTS }],
    NO_RUN,
    VizOrientation.Auto,
    BigValueColorMode.Background,
  );
}

function run(): Panel {
  return stat(
    {
      id: 202,
      title: 'The run',
      sql: 'canary/run',
      gridPos: { x: 4, y: 0, w: 8, h: 5 },
      explanation: {
        definition: 'What is rolled out, whether the rollout goes on, and how much is in doubt of its data.',
        formula: 'the versions as the start has said them; doubts are the causes that are told under "Why".',
        source: 'dash.canary_runs',
        reading: `${OF_THE_RUN} While there is a doubt the stage does not pass, whatever the evidence; it can still fail.`,
      },
    },
    [
      { name: 'service', title: 'Service' },
      VERSION_IN_PLACE,
      NEW_VERSION,
      { name: 'rollout', title: 'Rollout' },
      {
        name: 'doubts',
        title: 'Doubts',
        unit: 'none',
        decimals: 0,
        thresholds: [
          { color: 'text', value: null },
          { color: 'orange', value: 1 },
        ],
      },
    ],
    NO_RUN,
  );
}

function traffic(): Panel {
  return stat(
    {
      id: 203,
      title: 'Traffic split and samples',
      sql: 'canary/traffic',
      gridPos: { x: 12, y: 0, w: 6, h: 5 },
      explanation: {
        definition: "What was counted of each arm, and the canary's share of it.",
        formula:
          'canary n / (baseline n + canary n) of the metric with the most samples; gauges, which have none, left out.',
        source: 'dash.canary_evidence',
        reading:
          `${OF_THE_RUN} n is requests, or seconds where that is what a ratio is counted against; what settles or warms up ` +
          'is in neither. It is a mean over all stages. If a stage has not the share that was planned, a doubt says so.',
      },
    },
    [
      { name: 'share', title: 'Canary', unit: 'percentunit', decimals: 1, min: 0, max: 1, nothing: 'nothing counted' },
      { name: 'baseline_n', title: 'Baseline (n)', unit: 'none', decimals: 0, nothing: 'not known' },
      { name: 'canary_n', title: 'Canary (n)', unit: 'none', decimals: 0, nothing: 'not known' },
      { name: 'metric', title: 'Counted by' },
    ],
    'nothing counted yet',
    VizOrientation.Horizontal,
  );
}

function time(): Panel {
  return stat(
    {
      id: 204,
      title: 'Time',
      sql: 'canary/time',
      gridPos: { x: 18, y: 0, w: 6, h: 5 },
      explanation: {
        definition:
          'How long the run has taken, and how long a pass and a failure still take if all goes on as it does.',
        formula:
          'the end of the last judged bucket − the start of the run; the rest by the evidence that comes in a bucket.',
        source: 'dash.canary_runs',
        reading:
          `${OF_THE_RUN} "not in sight": by what was seen so far that verdict will not come, or not within ten years. A ` +
          'bucket is judged about twenty seconds after its end.',
      },
    },
    [
      { name: 'elapsed', title: 'Elapsed', unit: 's', decimals: 1 },
      { name: 'seconds_to_pass', title: 'To a pass', unit: 's', decimals: 1, nothing: NOT_IN_SIGHT },
      { name: 'seconds_to_fail', title: 'To a failure', unit: 's', decimals: 1, nothing: NOT_IN_SIGHT },
      { name: 'at_ms', title: 'Judged until', unit: 'dateTimeFromNow' },
    ],
    NO_RUN,
    VizOrientation.Horizontal,
  );
}
