import { stat } from '../panels.js';
import {
  CHECKS,
  DRIFTED_SHARE,
  FAILURES,
  FEW,
  NOT_CHANGE_CAUSED,
  NO_CHECKS,
  NO_INCIDENTS,
  RED_FROM_ONE,
  SCOPE,
  UNATTRIBUTED,
} from './columns.js';

/** Returns what is wrong now, and how sure the numbers of the page are. */
export function state() {
  return [
    stat(
      {
        id: 27,
        title: 'Incidents',
        sql: 'dora/incidents',
        gridPos: { x: 12, y: 5, w: 6, h: 5 },
        explanation: {
          definition:
            'Incidents that began in the time range, and those of them that make no deployment a failed one: nothing ' +
            'links them (unattributed), or something else than a change of the service caused them.',
          formula: 'number of incidents by their start; unattributed are change-caused and linked by no rule.',
          source: 'dash.incidents',
          reading:
            'Unattributed incidents are in no change fail rate: many of them beside a low rate mean that it says ' +
            'little. See "Incidents in range" for the reason of each.',
        },
      },
      [
        { name: 'incidents', title: 'Began', unit: 'none', decimals: 0 },
        { ...UNATTRIBUTED, title: 'Unattributed' },
        NOT_CHANGE_CAUSED,
      ],
      NO_INCIDENTS,
    ),
    stat(
      {
        id: 28,
        title: 'Open now',
        sql: 'dora/open-now',
        gridPos: { x: 18, y: 5, w: 6, h: 5 },
        explanation: {
          definition:
            'Failed deployments that have not been recovered from, incidents that are not resolved, and services of ' +
            'which some resource has drifted.',
          formula: 'sums over what runs in the chosen services; the oldest failure is the one that failed first.',
          source: 'dash.current',
          reading: 'Does not follow the time range. Services that were never checked for drift are not among them.',
        },
      },
      [
        { ...FAILURES, title: 'Failures', thresholds: RED_FROM_ONE },
        { name: 'oldest_ms', title: 'Oldest since', unit: 'dateTimeFromNow', nothing: 'none' },
        { name: 'incidents', title: 'Incidents', unit: 'none', decimals: 0, thresholds: RED_FROM_ONE },
        { name: 'drifted', title: 'Drifted services', unit: 'none', decimals: 0, thresholds: RED_FROM_ONE },
      ],
      'nothing runs yet',
    ),
    stat(
      {
        id: 43,
        title: 'How sure are we',
        sql: 'dora/certainty',
        gridPos: { x: 0, y: 10, w: 12, h: 5 },
        explanation: {
          definition: 'How much the numbers above rest on: the metrics with data, and what they are computed from.',
          formula:
            'metrics with a value, with a 95 % interval, with fewer than five values; the smallest n among them.',
          source: 'dash.dora_ranges',
          reading:
            `${SCOPE} Of eight metrics; mean time to deploy never has an interval. See "Incidents" for what change fail ` +
            'rate cannot know, and "Reconcile" for what is not counted.',
        },
      },
      [
        { name: 'measured', title: 'Metrics with data', unit: 'none', decimals: 0 },
        { name: 'bounded', title: 'With an interval', unit: 'none', decimals: 0 },
        { name: 'insufficient', title: 'With n below 5', unit: 'none', decimals: 0 },
        { name: 'fewest', title: 'Smallest n', unit: 'none', decimals: 0, thresholds: FEW },
      ],
      'nothing in range',
    ),
    stat(
      {
        id: 30,
        title: 'Configuration drift, last ${window} days',
        sql: 'dora/configuration-drift',
        gridPos: { x: 12, y: 10, w: 6, h: 5 },
        explanation: {
          definition: 'The share of the observed time during which what ran was not what was declared.',
          formula: 'drifted time / observed time over all resources of the chosen services, in the rolling window.',
          source: 'dash.dora_windows',
          reading:
            'Follows the window, not the time range. Time counts as observed from one check until its next one was ' +
            'due; what nobody checked is in neither.',
        },
      },
      [DRIFTED_SHARE, { name: 'episodes', title: 'Episodes', unit: 'none', decimals: 0 }, CHECKS],
      NO_CHECKS,
    ),
    stat(
      {
        id: 4,
        title: 'Data freshness',
        sql: 'dora/freshness',
        gridPos: { x: 18, y: 10, w: 6, h: 5 },
        explanation: {
          definition: 'How far the stored data is behind: everything received before "Complete up to" is in this page.',
          formula: 'the time of the query minus stored_through.',
          source: 'dash.freshness',
          reading:
            'Green below 15 minutes, orange below 2 hours, red above: then the page is old, while gates, which answer ' +
            'from the stream, need not be.',
        },
      },
      [
        {
          name: 'behind',
          title: 'Behind',
          unit: 's',
          decimals: 0,
          thresholds: [
            { color: 'green', value: null },
            { color: 'orange', value: 900 },
            { color: 'red', value: 7200 },
          ],
        },
        { name: 'stored_through_ms', title: 'Complete up to', unit: 'dateTimeAsIso' },
      ],
      'nothing stored yet',
    ),
  ];
}
