import { DashboardCursorSync, type Dashboard } from '@grafana/schema';
import { runs } from './canary/runs.js';
import { answer } from './dora/answers.js';
import { drift } from './dora/drift.js';
import { latestDeployments, shifts } from './dora/evidence.js';
import { failures } from './dora/failures.js';
import { lengths, marks, others, report, series } from './dora/frame.js';
import { periods } from './dora/periods.js';
import { slowestChanges } from './dora/attempts.js';
import { slowestPullRequests, stages } from './dora/pull-requests.js';
import { trendOf } from './dora/trends.js';
import { collapsed } from './panels.js';
import { deployments, timeline } from './service/deployments.js';
import { explained, windows } from './service/explained.js';
import { distribution, stageMedians } from './service/lead-time.js';
import { now } from './service/now.js';
import { gateApi } from './variables.js';

/** Returns the dashboard "Service drill-down": what the numbers of one service are made of. */
export function serviceDrillDown(): Dashboard {
  return {
    uid: 'sluice-service',
    title: 'Service drill-down',
    description:
      'One service: its metrics with intervals, what runs and what is open now, its deployments and how they turned out, ' +
      'where lead time goes, its failures and incidents with the rule that links them, drift, shifts and canary runs. ' +
      'Numbers of windows and periods lead to what they are made of.',
    tags: ['sluice', 'dora'],
    schemaVersion: 42,
    timezone: 'utc',
    weekStart: 'monday',
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: 'now-30d', to: 'now' },
    refresh: '5m',
    timepicker: { refresh_intervals: ['1m', '5m', '15m', '1h'] },
    templating: {
      list: [
        ...series(false),
        ...lengths(),
        gateApi('Where the report is, and the links that explain a number lead, as the browser reaches it.'),
      ],
    },
    annotations: { list: marks() },
    links: [others(), report()],
    panels: [
      answer('deployment_frequency', 101, { x: 0, y: 0, w: 5, h: 5 }),
      answer('change_lead_time', 102, { x: 5, y: 0, w: 5, h: 5 }),
      answer('change_fail_rate', 103, { x: 10, y: 0, w: 5, h: 5 }),
      answer('failed_deployment_recovery_time', 104, { x: 15, y: 0, w: 5, h: 5 }),
      answer('deployment_rework_rate', 105, { x: 20, y: 0, w: 4, h: 5 }),
      now(106, { x: 0, y: 5, w: 24, h: 4 }),
      windows(107, { x: 0, y: 9, w: 24, h: 7 }),
      timeline(108, { x: 0, y: 16, w: 24, h: 5 }),
      deployments(121, { x: 0, y: 21, w: 12, h: 9 }),
      trendOf('deployment_frequency', 110, { x: 12, y: 21, w: 12, h: 9 }),
      trendOf('change_fail_rate', 111, { x: 0, y: 30, w: 12, h: 9 }),
      trendOf('failed_deployment_recovery_time', 112, { x: 12, y: 30, w: 12, h: 9 }),
      trendOf('change_lead_time', 113, { x: 0, y: 39, w: 12, h: 9 }),
      distribution(114, { x: 12, y: 39, w: 12, h: 9 }),
      stages(115, { x: 0, y: 48, w: 12, h: 9 }),
      stageMedians(116, { x: 12, y: 48, w: 12, h: 9 }),
      slowestChanges(117, { x: 0, y: 57, w: 24, h: 9 }),
      shifts(118, { x: 0, y: 66, w: 24, h: 8 }),
      runs(122, 'Canary runs of this service', { x: 0, y: 74, w: 24, h: 9 }),
      collapsed(150, 'Failed deployments and incidents: why they count', 83, failures(100, 84)),
      collapsed(151, 'Deployments and pull requests', 104, [
        latestDeployments(119, { x: 0, y: 105, w: 24, h: 10 }),
        slowestPullRequests(120, { x: 0, y: 115, w: 24, h: 10 }),
      ]),
      collapsed(152, 'Configuration drift', 125, drift(100, 126)),
      collapsed(153, 'Periods', 135, periods(100, 136, explained('period=${period}&day=${__data.fields.day}'))),
    ],
  } satisfies Dashboard;
}
