/** Made-up canary runs: what the tables of canaries are filled with, as the job would tell it. */

import { END, QUOTED_SERVICE, type Series } from './history.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The looks in which a run settles and warms up: of those nothing is counted. */
const WARMED_UP = 12;
/** How far apart two looks at a run are. */
const EVERY_MS = 10 * SECOND_MS;

export type State = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Inconclusive' | 'Error';

/** A metric at the end of a bucket. */
export type Reading = {
  metric: string;
  kind: 'ratio' | 'histogram' | 'gauge';
  direction: 'increase' | 'decrease' | 'either';
  scale: 'log' | 'linear' | null;
  verdict: State;
  estimate: number | null;
  lower: number | null;
  upper: number | null;
  tolerance: number;
  margin: number;
  log_e_fail: number | null;
  log_e_pass: number | null;
  baseline_n: number;
  baseline_events: number | null;
  canary_n: number;
  canary_events: number | null;
  resolution_floor: number | null;
  reason: string;
};

/** A run at the end of a bucket. */
export type Look = {
  at: Date;
  state: State;
  log_e: number;
  readings: readonly Reading[];
};

export type CanaryRun = Series & {
  run: string;
  baseline_version: string | null;
  canary_version: string | null;
  started_at: Date;
  ended: boolean;
  reasons: string[];
  notes: string[];
  doubts: string[];
  condition: string | null;
  twin: State | null;
  seconds_to_pass: number | null;
  seconds_to_fail: number | null;
  looks: readonly Look[];
};

/** ln of the evidence that a failure and a pass need, of every run: alpha is 1 %, beta 5 %. */
export const LOG_E_TO_FAIL = Math.log(100);
export const LOG_E_TO_PASS = Math.log(20);

/** The run that a dashboard shows at first: the newest one. */
export const SHOWN_RUN = 'checkout-1-5-0';

const CHECKOUT = { tenant: 'default', service: 'checkout', environment: 'production' };
const QUOTED = { ...CHECKOUT, service: QUOTED_SERVICE };
const NOTHING_SAID = {
  reasons: [],
  notes: [],
  doubts: [],
  condition: null,
  seconds_to_pass: null,
  seconds_to_fail: null,
};
const UNLIKE = 'A/A twin: between two halves of the baseline’s pods the same tests fail, too';

/** The runs: of two services, and two that must not show among them. */
export const RUNS: readonly CanaryRun[] = [
  {
    ...{ ...CHECKOUT, ...NOTHING_SAID, run: SHOWN_RUN, baseline_version: '1.4.2', canary_version: '1.5.0' },
    ...{ started_at: before(50), ended: false, twin: 'Running', seconds_to_pass: 412.5 },
    reasons: ['latency: not proven to be within the margin: e = 11.5, needed 20'],
    notes: ['not randomised: by the config nothing assigns requests to the arms at random'],
    doubts: ['2 points came too late and were left out'],
    condition: 'main does not answer: connection refused',
    looks: looks(before(50), 300, { errors: 1.02, latency: 1.07 }),
  },
  {
    ...{ ...CHECKOUT, ...NOTHING_SAID, run: 'checkout-1-4-3', baseline_version: '1.4.2', canary_version: '1.4.3' },
    ...{ started_at: before(85), ended: true, twin: 'Failed', seconds_to_fail: 0 },
    reasons: [
      'errors: 3 % against 1 % in the baseline: 3 times as much; proof that it is beyond what is tolerated',
      'more',
    ],
    notes: [UNLIKE],
    looks: looks(before(85), 180, { errors: 3, latency: 1 }),
  },
  {
    ...{ ...QUOTED, ...NOTHING_SAID, run: 'o-x-7', baseline_version: null, canary_version: null },
    ...{ started_at: before(90), ended: true, twin: 'Running', seconds_to_pass: 0 },
    looks: looks(before(90), 300, { errors: 0.5, latency: 0.9 }),
  },
  {
    ...{ ...QUOTED, ...NOTHING_SAID, run: 'o-x-8', baseline_version: '7', canary_version: '8' },
    ...{ started_at: before(58), ended: true, twin: null },
    doubts: ['no data of both arms for longer than 5 min', 'the canary has 9 % of the requests, planned were 5 %'],
    looks: looks(before(58), 2, { errors: 1, latency: 1 }, 'Inconclusive'),
  },
  {
    ...{ ...CHECKOUT, ...NOTHING_SAID, environment: 'staging', run: 'checkout-staging', ended: false },
    ...{ baseline_version: '1', canary_version: '2', started_at: before(30), twin: 'Failed' },
    looks: looks(before(30), 60, { errors: 1, latency: 1 }),
  },
  {
    ...{ ...CHECKOUT, ...NOTHING_SAID, tenant: 'other', run: SHOWN_RUN, ended: true },
    ...{ baseline_version: 'x', canary_version: 'y', started_at: before(40), twin: 'Failed' },
    looks: looks(before(40), 60, { errors: 9, latency: 9 }),
  },
  ...Array.from({ length: 12 }, (_, at): CanaryRun => {
    const started = new Date(END.getTime() - (at + 2) * 5 * DAY_MS);
    return {
      ...{ ...CHECKOUT, ...NOTHING_SAID, run: `checkout-old-${at}`, ended: true },
      ...{ baseline_version: `0.${11 - at}`, canary_version: `0.${12 - at}`, started_at: started },
      twin: at === 4 ? 'Failed' : 'Running',
      looks: looks(started, 1, { errors: 1, latency: 1 }, 'Successful'),
    };
  }),
];

function before(minutes: number): Date {
  return new Date(END.getTime() - minutes * MINUTE_MS);
}

/** The looks at a run whose metrics have so many times as much in the canary; the last one may have a state of its own. */
function looks(start: Date, count: number, times: { errors: number; latency: number }, last?: State): Look[] {
  let decided: State | undefined;
  return Array.from({ length: count }, (_, at): Look => {
    const readings = [errors(at, times.errors), latency(at, times.latency), queue(at), hits()];
    const logE = Math.log(readings.slice(0, 2).reduce((sum, { log_e_fail: e }) => sum + Math.exp(e ?? 0), 0) / 2);
    const passes = readings.slice(0, 2).every(({ log_e_pass: e }) => (e ?? 0) >= LOG_E_TO_PASS);
    decided ??= logE >= LOG_E_TO_FAIL ? 'Failed' : undefined;
    const now = decided ?? (passes ? 'Successful' : at < WARMED_UP ? 'Pending' : 'Running');
    return {
      at: new Date(start.getTime() + (at + 1) * EVERY_MS),
      state: at === count - 1 ? (last ?? now) : now,
      log_e: logE,
      readings,
    };
  });
}

function errors(at: number, times: number): Reading {
  const effect = counted(at, 0.01, times, 0.1, 0.5);
  const gain = Math.max(0, at - WARMED_UP) * (Math.abs(Math.log(times)) > 1 ? 0.35 : -0.004);
  return {
    ...{ metric: 'errors', kind: 'ratio', direction: 'increase', scale: null, ...effect },
    log_e_fail: gain,
    log_e_pass: times > 1.5 ? -gain : Math.max(0, at - WARMED_UP) * 0.03,
    verdict: verdict(gain, times > 1.5 ? 0 : Math.max(0, at - WARMED_UP) * 0.03),
    resolution_floor: at < WARMED_UP ? null : 0.04,
    reason: `${times.toFixed(2)} % against 1 % in the baseline`,
  };
}

function latency(at: number, times: number): Reading {
  const pass = Math.max(0, at - WARMED_UP) * (times > 1 ? 0.0085 : 0.03);
  return {
    ...{
      metric: 'latency',
      kind: 'histogram',
      direction: 'increase',
      scale: null,
      ...counted(at, 0.0106, times, 0.05, 0.2),
    },
    log_e_fail: -0.3 * Math.sin(at / 40),
    log_e_pass: pass,
    verdict: verdict(0, pass),
    resolution_floor: null,
    reason: 'p99: 1.21 % above 0.5 against 1.06 % above 0.5 in the baseline',
  };
}

/** A gauge on the linear scale, which decides nothing: the canary's queue is two shorter. */
function queue(at: number): Reading {
  const [n, width] = [Math.max(0, at - WARMED_UP), 40 / Math.sqrt(Math.max(1, at - WARMED_UP))];
  const estimate = n === 0 ? null : -2 + Math.sin(at / 9);
  return {
    ...{ metric: "queue o'x", kind: 'gauge', direction: 'either', scale: 'linear', verdict: 'Inconclusive' },
    ...{ estimate, lower: estimate && estimate - width, upper: estimate && estimate + width, tolerance: 5, margin: 20 },
    ...{ log_e_fail: 0, log_e_pass: 0, baseline_n: n, baseline_events: null, canary_n: n, canary_events: null },
    ...{ resolution_floor: null, reason: 'advisory: no history' },
  };
}

/** A metric of which a decrease is bad, and nothing has come. */
function hits(): Reading {
  return {
    ...{ metric: 'cache hits', kind: 'ratio', direction: 'decrease', scale: null, verdict: 'Inconclusive' },
    ...{ estimate: null, lower: null, upper: null, tolerance: 0.1, margin: 0.3, log_e_fail: null, log_e_pass: null },
    ...{ baseline_n: 0, baseline_events: 0, canary_n: 0, canary_events: 0, resolution_floor: null, reason: 'no data' },
  };
}

type Counted = Pick<
  Reading,
  | 'estimate'
  | 'lower'
  | 'upper'
  | 'tolerance'
  | 'margin'
  | 'baseline_n'
  | 'baseline_events'
  | 'canary_n'
  | 'canary_events'
>;

/** Events of a share of all requests, of which the canary has a twentieth; of few of them no end is known. */
function counted(at: number, share: number, times: number, tolerance: number, margin: number): Counted {
  const buckets = Math.max(0, at - WARMED_UP);
  const [baselineN, canaryN] = [buckets * 950, buckets * 50];
  const estimate = buckets === 0 ? null : times * (1 + 0.1 * Math.sin(at / 7) * Math.exp(-at / 150));
  const width = 2.5 / Math.sqrt(Math.max(1, canaryN * share));
  return {
    ...{ estimate, tolerance, margin, baseline_n: baselineN, canary_n: canaryN },
    lower: estimate && estimate * Math.exp(-width),
    upper: buckets < 6 ? null : estimate && estimate * Math.exp(width),
    baseline_events: Math.round(baselineN * share),
    canary_events: Math.round(canaryN * share * times),
  };
}

function verdict(logEFail: number, logEPass: number): State {
  return logEFail >= LOG_E_TO_FAIL ? 'Failed' : logEPass >= LOG_E_TO_PASS ? 'Successful' : 'Inconclusive';
}
