import type { Threshold } from '@grafana/schema';
import type { Column } from '../panels.js';

export const NO_DECISIONS = 'no decisions in range';
export const NO_DEPLOYMENTS = 'no deployments where gates are asked';

/** What an answer of a gate looks like, everywhere. */
export const OUTCOME_COLOURS = { allow: 'green', deny: 'red', pending: 'blue', error: 'orange' };
const OUTCOMES = Object.fromEntries(
  Object.entries(OUTCOME_COLOURS).map(([text, color]) => [text, { text, color }] as const),
);

/** How a deployment stands to the decisions. */
export const STANDINGS = {
  allowed: { text: 'allowed', color: 'green' },
  without: { text: 'without', color: 'red' },
  against: { text: 'against', color: 'red' },
  expired: { text: 'expired', color: 'orange' },
  unnamed: { text: 'unnamed', color: '#808080' },
};

export const ALARMING: readonly Threshold[] = [
  { color: 'text', value: null },
  { color: 'orange', value: 1 },
];

export function counted(name: string, title: string, rest: Partial<Column> = {}): Column {
  return { name, title, unit: 'none', decimals: 0, ...rest };
}

export function share(name: string, title: string, rest: Partial<Column> = {}): Column {
  return { name, title, unit: 'percentunit', decimals: 1, min: 0, max: 1, ...rest };
}

export function time(name: string, title: string): Column {
  return { name, title, unit: 'dateTimeAsIso', width: 165 };
}

export const SERVICE: Column = {
  name: 'service',
  title: 'Service',
  width: 110,
  link: {
    title: 'This service',
    url:
      '/d/sluice-service/service-drill-down?var-service=${__data.fields.service:percentencode}' +
      '&${clickhouse_datasource:queryparam}&${tenant:queryparam}&${environment:queryparam}&${__url_time_range}',
  },
};
export const VERSION: Column = { name: 'version', title: 'Version', nothing: 'not said', width: 100 };
export const GATE: Column = { name: 'gate', title: 'Gate', width: 100 };
export const DECISION: Column = { name: 'decision', title: 'Decision', texts: OUTCOMES, width: 90 };
export const OUTCOME: Column = { name: 'outcome', title: 'Outcome', texts: OUTCOMES, width: 85 };

/** Leads to the decision with all that it says; `column` has its id. */
export function decisionId(column: string): Column {
  return {
    name: column,
    title: 'Decision id',
    width: 150,
    link: {
      title: 'The decision, as the gate API tells it',
      url: `\${gate_api:raw}/v1/decisions/\${__data.fields.${column}:percentencode}`,
      targetBlank: true,
    },
  };
}

/** When a decision counts for a deployment. */
export const STANDING =
  'without: no decision was made of it before it began; against: the last one does not allow; expired: the last one allows, but ' +
  'had expired more than an hour before; unnamed: one that allows was in force, but it names no artifact.';
