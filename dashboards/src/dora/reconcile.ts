import { table } from '../panels.js';
import { NO_ATTEMPTS, NO_CHANGES, NO_INCIDENTS, NO_PULL_REQUESTS } from './columns.js';

/** Returns the tables of a closed row: from what was received to what is counted. */
export function reconcile(top: number) {
  return [
    table(
      {
        id: 21,
        title: 'Deliveries received',
        sql: 'dora/deliveries',
        gridPos: { x: 0, y: top, w: 12, h: 8 },
        explanation: {
          definition: 'Step 1: what the sources delivered in the time range and what became of it, by time of receipt.',
          formula: 'received = accepted + duplicate + ignored + dead letters + pending.',
          source: 'dash.ingest_minute',
          reading:
            'Accepted ones gave events. Dead letters could not be understood. For all services and environments, ' +
            'and by receipt, while every metric goes by the time at which things happened.',
        },
      },
      [
        { name: 'source', title: 'Source' },
        ...['received', 'accepted', 'duplicate', 'ignored', 'dead_letter', 'pending'].map((name) => ({
          name,
          title: name.charAt(0).toUpperCase() + name.slice(1).replace('_', ' '),
          unit: 'none',
          decimals: 0,
        })),
      ],
      'nothing received in range',
    ),
    table(
      {
        id: 22,
        title: 'Dead letters by reason',
        sql: 'dora/dead-letters',
        gridPos: { x: 12, y: top, w: 12, h: 8 },
        explanation: {
          definition: 'Step 2: deliveries that could not be understood, by reason.',
          formula: 'the number of dead letters received in the time range, and the newest one of each reason.',
          source: 'dash.dead_letters',
          reading: 'What stands here is in no metric. The delivery can be looked up by its id.',
        },
      },
      [
        { name: 'reason', title: 'Reason' },
        { name: 'source', title: 'Source' },
        { name: 'deliveries', title: 'Deliveries', unit: 'none', decimals: 0 },
        { name: 'last_received', title: 'Last received', unit: 'dateTimeAsIso', width: 170 },
        { name: 'last_detail', title: 'Last detail' },
        { name: 'last_delivery', title: 'Last delivery' },
      ],
      'no dead letters in range',
    ),
    table(
      {
        id: 23,
        title: 'Attempts: counted, or why not',
        sql: 'dora/attempts-judged',
        gridPos: { x: 0, y: top + 8, w: 12, h: 9 },
        explanation: {
          definition:
            'Step 3: every finished attempt of the chosen services with the judgements of deployment frequency, ' +
            'deployment rework rate and change fail rate.',
          formula: 'attempts that finished in the time range by result, kind, judgement, rework and failure.',
          source: 'dash.deployments',
          reading:
            'The rows "counted" add up to n of deployment frequency; the results SUCCESS and FAILURE to n of the ' +
            'success rate; "rework" and "no rework" to n of the rework rate; "failed" and "not failed" to n of the ' +
            'fail rate; "Timed" to n of mean time to deploy. Attempts that are still running have not finished and ' +
            'are not here.',
        },
      },
      [
        { name: 'result', title: 'Result' },
        { name: 'kind', title: 'Kind' },
        { name: 'judgement', title: 'Judgement' },
        { name: 'reworked', title: 'Rework' },
        { name: 'failure', title: 'Failure' },
        { name: 'attempts', title: 'Attempts', unit: 'none', decimals: 0 },
        { name: 'timed', title: 'Timed', unit: 'none', decimals: 0 },
      ],
      NO_ATTEMPTS,
    ),
    table(
      {
        id: 24,
        title: 'Changes: counted, or why not',
        sql: 'dora/changes-judged',
        gridPos: { x: 12, y: top + 8, w: 12, h: 9 },
        explanation: {
          definition: 'Step 4: every deployed commit of the chosen services with the judgement of change lead time.',
          formula: 'commits whose first deployment finished in the time range, by judgement.',
          source: 'dash.changes',
          reading:
            'The row "counted" is n of change lead time. MERGE joins lines of history, SEED came with the first ' +
            'deployment, CLOCK_SKEW was authored after its deployment, NOT_RECORDED was only named by another commit.',
        },
      },
      [
        { name: 'judgement', title: 'Judgement' },
        { name: 'changes', title: 'Changes', unit: 'none', decimals: 0 },
      ],
      NO_CHANGES,
    ),
    table(
      {
        id: 41,
        title: 'Incidents: linked, or why not',
        sql: 'dora/incidents-judged',
        gridPos: { x: 0, y: top + 17, w: 12, h: 9 },
        explanation: {
          definition: 'Step 5: every incident of the chosen services with the rule that links it to a deployment.',
          formula: 'incidents that began in the time range, by rule or reason, and whether a change caused them.',
          source: 'dash.incidents',
          reading:
            'Change-caused ones without a rule are the unattributed ones. A rule may link an incident to several ' +
            'deployments, and several incidents to one: the rows do not add up to failed deployments.',
        },
      },
      [
        { name: 'judgement', title: 'Rule, or why none' },
        { name: 'cause', title: 'Cause' },
        { name: 'incidents', title: 'Incidents', unit: 'none', decimals: 0 },
      ],
      NO_INCIDENTS,
    ),
    table(
      {
        id: 42,
        title: 'Pull requests: counted, or why not',
        sql: 'dora/pull-requests-judged',
        gridPos: { x: 12, y: top + 17, w: 12, h: 9 },
        explanation: {
          definition: 'Step 6: every deployed pull request of the chosen services with its judgement.',
          formula: 'pull requests whose first deployment finished in the time range, by judgement.',
          source: 'dash.pull_requests',
          reading:
            'The row "counted" is n of pull request lead time. SEED came with the first deployment, NO_COMMITS has ' +
            'no known first commit, CLOCK_SKEW was begun after its deployment, CHERRY_PICK repeats another.',
        },
      },
      [
        { name: 'judgement', title: 'Judgement' },
        { name: 'pull_requests', title: 'Pull requests', unit: 'none', decimals: 0 },
      ],
      NO_PULL_REQUESTS,
    ),
  ];
}
