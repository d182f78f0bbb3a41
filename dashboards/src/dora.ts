import { DashboardCursorSync, type Dashboard } from '@grafana/schema';
import { answer } from './dora/answers.js';
import { attempts } from './dora/attempts.js';
import { drift } from './dora/drift.js';
import { evidence } from './dora/evidence.js';
import { failures } from './dora/failures.js';
import { lengths, marks, others, series } from './dora/frame.js';
import { periods } from './dora/periods.js';
import { pullRequests } from './dora/pull-requests.js';
import { reconcile } from './dora/reconcile.js';
import { state } from './dora/state.js';
import { trendOf } from './dora/trends.js';
import { collapsed } from './panels.js';

/** Returns the dashboard "DORA overview": how often, how fast and how reliably is delivered. */
export function doraOverview(): Dashboard {
  return {
    uid: 'sluice-dora',
    title: 'DORA overview',
    description:
      'How often, how fast and how reliably services are delivered: deployment frequency, change and pull request lead ' +
      'time, change fail rate, failed deployment recovery time, deployment rework rate, deployment success rate, mean ' +
      'time to deploy and configuration drift. Every number comes from the contract views (dash.*) of Sluice.',
    tags: ['sluice', 'dora'],
    schemaVersion: 42,
    timezone: 'utc',
    weekStart: 'monday',
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: 'now-90d', to: 'now' },
    refresh: '5m',
    timepicker: { refresh_intervals: ['1m', '5m', '15m', '1h'] },
    templating: { list: [...series(true), ...lengths()] },
    annotations: { list: marks() },
    links: [others()],
    panels: [
      answer('deployment_frequency', 1, { x: 0, y: 0, w: 6, h: 5 }),
      answer('change_lead_time', 2, { x: 6, y: 0, w: 6, h: 5 }),
      answer('change_fail_rate', 25, { x: 12, y: 0, w: 6, h: 5 }),
      answer('failed_deployment_recovery_time', 26, { x: 18, y: 0, w: 6, h: 5 }),
      answer('deployment_rework_rate', 12, { x: 0, y: 5, w: 6, h: 5 }),
      answer('pull_request_lead_time', 29, { x: 6, y: 5, w: 6, h: 5 }),
      ...state(),
      trendOf('deployment_frequency', 5, { x: 0, y: 15, w: 8, h: 9 }),
      trendOf('change_lead_time', 6, { x: 8, y: 15, w: 8, h: 9 }),
      trendOf('change_fail_rate', 31, { x: 16, y: 15, w: 8, h: 9 }),
      trendOf('failed_deployment_recovery_time', 32, { x: 0, y: 24, w: 12, h: 9 }),
      trendOf('deployment_rework_rate', 14, { x: 12, y: 24, w: 12, h: 9 }),
      ...evidence(),
      collapsed(50, 'Failures and incidents', 69, failures(0, 70)),
      collapsed(51, 'Pull requests', 90, pullRequests(91)),
      collapsed(52, 'Attempts and changes', 110, attempts(111)),
      collapsed(53, 'Configuration drift', 135, drift(0, 136)),
      collapsed(54, 'Periods', 145, periods(0, 146)),
      collapsed(20, 'Reconcile', 155, reconcile(156)),
    ],
  } satisfies Dashboard;
}
