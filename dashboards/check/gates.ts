/** Made-up decisions of gates about the made-up history, and what became of some of them. */

import { END, history, QUOTED_SERVICE, type Attempt, type Series } from './history.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How long a decision may be relied on. */
const TTL_MS = 15 * MINUTE_MS;
/** How long after that a deployment may still begin. */
export const TOLERANCE_MS = 60 * MINUTE_MS;

export type Outcome = 'allow' | 'deny' | 'pending' | 'error';

export type Rule = {
  policy: string | null;
  rule: string;
  mode: 'enforce' | 'warn' | 'observe';
  outcome: Outcome;
  code: string;
  reason: string;
  exemption?: { id: string } | null;
};

export type Override = {
  id: string;
  requester: string;
  approver: string | null;
  reason: string;
  ticket: string | null;
  expires_at: Date;
};

export type Decision = Series & {
  id: string;
  gate: string;
  artifact: { version: string | null; digest: string | null; commit: string | null } | null;
  decision: Outcome;
  code: string;
  reason: string;
  policies: { name: string; version: string; digest: string }[];
  rules: Rule[];
  override: Override | null;
  principal: string;
  decided_at: Date;
  expires_at: Date;
};

export type Consumption = { tenant: string; id: string; consumer: string; at: Date; claims: number };

/** A service that gates were asked about, and nothing else is known of. */
export const UNKNOWN_SERVICE = 'ghost';
const PAYMENTS = { name: 'payments', version: '3', digest: `sha256:${'a'.repeat(64)}` };
const CHANGED = { ...PAYMENTS, digest: `sha256:${'b'.repeat(64)}` };
const STANDARD = { name: 'standard', version: '1', digest: `sha256:${'c'.repeat(64)}` };
/** When gates were first asked: what was deployed before counts for nothing. */
export const GUARDED = new Date('2026-07-20T00:00:00Z');

/** The decisions: of the services of one environment, of another tenant, and of a service that is not there. */
export const DECISIONS: readonly Decision[] = [...asked(), ...ofNothingKnown()];

/** Every other decision that allows was used up, and for some of them others came, too. */
export const CONSUMPTIONS: readonly Consumption[] = DECISIONS.filter(
  ({ decision, service }, at) => decision === 'allow' && service !== UNKNOWN_SERVICE && at % 2 === 0,
).map(({ tenant, id, decided_at: decided }, at) => ({
  ...{ tenant, id, consumer: `run-${at}`, claims: 1 + (at % 3) },
  at: new Date(decided.getTime() + (1 + at) * 1500),
}));

function asked(): Decision[] {
  const guarded = history().attempts.filter(
    (attempt) => attempt.environment === 'production' && begin(attempt) >= GUARDED,
  );
  return guarded.flatMap((attempt, at) => about(attempt, at));
}

/** When an attempt began, as far as that is known; the end of all where nothing is. */
function begin({ started_at: started, finished_at: finished }: Attempt): Date {
  return started ?? finished ?? END;
}

/** What was asked about an attempt: often in time, and sometimes in another way. */
function about(attempt: Attempt, at: number): Decision[] {
  const decided = (minutes: number, outcome: Outcome, rest: Partial<Decision> = {}): Decision =>
    decision(attempt, at, new Date(begin(attempt).getTime() + minutes * MINUTE_MS), outcome, rest);
  switch (at % 30) {
    case 0:
      return [];
    case 1:
      return [decided(-10, 'deny')];
    case 2:
      return [decided(-300, 'allow')];
    case 3:
      return [decided(-5, 'allow', { artifact: null })];
    case 4:
      return [decided(5, 'allow')];
    case 5:
      return [decided(-5, 'error')];
    case 6:
    case 12:
      return [decided(-4, 'allow', { code: 'overridden', override: override(attempt, at) })];
    case 7:
      return [decided(-5, 'pending')];
    case 8:
      return [decided(-74, 'allow')];
    case 9:
      return [decided(-300, 'allow'), { ...decided(-3, 'deny'), id: `again-${attempt.id}` }];
    case 10:
      return [decided(-3, 'allow', { rules: rules('allow', at, true) })];
    case 11:
      return [
        decided(-2, 'allow', { artifact: { version: 'other', digest: null, commit: null } }),
        { ...decided(-1, 'deny'), id: `again-${attempt.id}` },
      ];
    default:
      return [decided(-5, 'allow')];
  }
}

function decision(attempt: Attempt, at: number, moment: Date, outcome: Outcome, rest: Partial<Decision>): Decision {
  const { tenant, service, environment, version } = attempt;
  const judged = rules(outcome, at);
  const worst = judged.find((rule) => rule.outcome === outcome && rule.mode === 'enforce');
  return {
    ...{ tenant, service, environment, id: `q-${attempt.id}`, gate: 'production' },
    artifact: { version, digest: null, commit: at % 3 === 0 ? null : 'c'.repeat(40) },
    ...{ decision: outcome, code: outcome === 'allow' ? 'passed' : (worst?.code ?? '') },
    reason: outcome === 'allow' ? 'all rules are met' : (worst?.reason ?? ''),
    policies: [at % 9 === 0 ? CHANGED : PAYMENTS, STANDARD],
    ...{ rules: judged, override: null, principal: service === QUOTED_SERVICE ? "o'x-ci" : 'ci' },
    ...{ decided_at: moment, expires_at: new Date(moment.getTime() + TTL_MS) },
    ...rest,
  };
}

function rules(outcome: Outcome, at: number, exempted = false): Rule[] {
  const passed = { outcome: 'allow' as const, code: 'passed', reason: 'met' };
  const success = { policy: 'payments', rule: 'success-rate', mode: 'enforce' as const };
  const open = { policy: 'standard', rule: 'nothing-open', mode: 'enforce' as const };
  const observed = at % 3 === 0 ? { outcome: 'deny' as const, code: 'condition', reason: 'runs already' } : passed;
  return [
    exempted
      ? { ...success, outcome: 'deny', code: 'threshold', reason: '0.85 < 0.9', exemption: { id: `e-${at}` } }
      : outcome === 'deny' && at % 4 === 1
        ? { ...success, outcome, code: 'threshold', reason: `0.8${at % 10} < 0.9`, exemption: null }
        : outcome === 'error'
          ? { ...success, outcome, code: 'missing_input', reason: 'artifact.digest is not known' }
          : { ...success, ...passed, exemption: at % 6 === 0 ? { id: 'not-needed' } : null },
    outcome === 'deny' && at % 4 !== 1
      ? { ...open, outcome, code: 'condition', reason: 'an incident is open' }
      : outcome === 'pending'
        ? { ...open, rule: 'freshness', outcome, code: 'stale', reason: 'the data is 2 min old' }
        : { ...open, ...passed },
    { policy: 'standard', rule: 'new-version', mode: 'observe', ...observed },
    { policy: 'payments', rule: 'small-change', mode: 'warn', ...passed },
  ];
}

function override({ id }: Attempt, at: number): Override {
  const approver = ['mia', 'ben', null][Math.floor(at / 6) % 3] ?? null;
  return {
    ...{ id: `o-${id}`, requester: 'mia', approver, reason: 'The "payments" outage must end', ticket: null },
    ...(at % 2 === 0 ? { ticket: `OPS-${at}` } : {}),
    expires_at: new Date(END.getTime() + (at % 4 === 0 ? 1 : -1) * DAY_MS),
  };
}

function ofNothingKnown(): Decision[] {
  return [1, 2, 3].map((day): Decision => {
    const moment = new Date(END.getTime() - day * DAY_MS);
    const reason = 'nothing is known of service ghost in environment production';
    const check = { policy: null, rule: 'service', mode: 'enforce', outcome: 'deny', code: 'unknown_service' } as const;
    return {
      ...{ tenant: 'default', service: UNKNOWN_SERVICE, environment: 'production', id: `ghost-${day}` },
      ...{ gate: 'production', artifact: null, decision: 'deny', code: 'unknown_service', reason },
      ...{ policies: [STANDARD], rules: [{ ...check, reason }], override: null, principal: 'ci' },
      ...{ decided_at: moment, expires_at: new Date(moment.getTime() + TTL_MS) },
    };
  });
}
