import { table } from '../panels.js';
import { NO_FAILURES, NO_INCIDENTS, ONE_SERVICE } from './columns.js';

/** Returns the tables behind change fail rate and recovery time. */
export function failures(ids: number, top: number) {
  return [
    table(
      {
        id: ids + 34,
        title: 'Failed deployments',
        sql: 'dora/failed-deployments',
        gridPos: { x: 0, y: top, w: 24, h: 10 },
        explanation: {
          definition:
            'The newest deployments that failed, what makes them failed ones, and how they were recovered from.',
          formula: 'the 100 newest by finish in the time range; recovery is restored − start of the impact.',
          source: 'dash.deployments',
          reading:
            'Rules: DEPLOYMENT, ROOT_CAUSE, REMEDIATES or TIME of an incident; REMEDIATED, ROLLED_BACK or REVERTED by ' +
            'another deployment; IMPACT as stated. A dash under "Restored": still open. "Lifetime" is restored − finished.',
        },
      },
      [
        { name: 'finished_at', title: 'Finished', unit: 'dateTimeAsIso', width: 170 },
        ONE_SERVICE,
        { name: 'version', title: 'Version' },
        { name: 'rules', title: 'Rules' },
        { name: 'distance', title: 'To incident', unit: 's', decimals: 1 },
        { name: 'impact_started_at', title: 'Impact since', unit: 'dateTimeAsIso', width: 170 },
        { name: 'restored_at', title: 'Restored', unit: 'dateTimeAsIso', width: 170 },
        { name: 'recovery', title: 'Recovery', unit: 's', decimals: 1 },
        { name: 'lifetime', title: 'Lifetime', unit: 's', decimals: 1 },
        { name: 'incidents', title: 'Incidents' },
        { name: 'id', title: 'Deployment' },
      ],
      NO_FAILURES,
    ),
    table(
      {
        id: ids + 35,
        title: 'Incidents in range',
        sql: 'dora/incidents-in-range',
        gridPos: { x: 0, y: top + 10, w: 24, h: 10 },
        explanation: {
          definition: 'The newest incidents, and which rule links each to a deployment, or why none does.',
          formula: 'the 100 newest by start in the time range; time to restore is resolved − started.',
          source: 'dash.incidents',
          reading:
            'A dash under "Resolved": still open. "After deployment" is the distance that rule TIME goes by. Time to ' +
            'restore is of every incident, whatever caused it; recovery time is of failed deployments.',
        },
      },
      [
        { name: 'started_at', title: 'Started', unit: 'dateTimeAsIso', width: 170 },
        ONE_SERVICE,
        { name: 'title', title: 'Title' },
        { name: 'severity', title: 'Severity' },
        { name: 'judgement', title: 'Rule, or why none' },
        { name: 'deployments', title: 'Deployments' },
        { name: 'distance', title: 'After deployment', unit: 's', decimals: 1 },
        { name: 'resolved_at', title: 'Resolved', unit: 'dateTimeAsIso', width: 170 },
        { name: 'time_to_restore', title: 'Time to restore', unit: 's', decimals: 1 },
        { name: 'id', title: 'Incident' },
      ],
      NO_INCIDENTS,
    ),
  ];
}
