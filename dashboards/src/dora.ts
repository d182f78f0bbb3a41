import { DashboardCursorSync, type AnnotationQuery, type Dashboard } from '@grafana/schema';
import { answers } from './dora/answers.js';
import { attempts } from './dora/attempts.js';
import { drift } from './dora/drift.js';
import { evidence } from './dora/evidence.js';
import { failures } from './dora/failures.js';
import { periods } from './dora/periods.js';
import { pullRequests } from './dora/pull-requests.js';
import { reconcile } from './dora/reconcile.js';
import { trends } from './dora/trends.js';
import { collapsed } from './panels.js';
import { CLICKHOUSE, Format, target } from './query.js';
import { anyOf, choice, clickHouseDataSource, oneOf } from './variables.js';

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
    templating: {
      list: [
        clickHouseDataSource(),
        oneOf(
          'dora/variable-tenant',
          { name: 'tenant', label: 'Tenant', description: 'Whose data. A choice, not a boundary of access.' },
          'default',
        ),
        oneOf(
          'dora/variable-environment',
          { name: 'environment', label: 'Environment', description: 'Each environment is a series of its own.' },
          'production',
        ),
        anyOf('dora/variable-service', {
          name: 'service',
          label: 'Service',
          description: 'The services that are shown; the numbers at the top take them together.',
        }),
        choice(
          { name: 'period', label: 'Trend by', description: 'Length of the calendar periods of trends and tables.' },
          [
            ['week', 'week'],
            ['month', 'month'],
            ['quarter', 'quarter'],
          ],
          'week',
        ),
        choice(
          {
            name: 'window',
            label: 'Window',
            description: 'The rolling window of the services table, as gates use it.',
          },
          [
            ['7', '7 days'],
            ['30', '30 days'],
            ['90', '90 days'],
          ],
          '30',
        ),
      ],
    },
    annotations: {
      list: [
        annotation('Rollbacks', 'red', true, 'dora/annotation-rollbacks'),
        annotation('Incidents', 'orange', true, 'dora/annotation-incidents'),
        annotation('Deployments', 'green', false, 'dora/annotation-deployments'),
      ],
    },
    links: [
      {
        type: 'dashboards',
        title: 'Sluice',
        tooltip: 'Other dashboards of Sluice, for the same time and choices',
        tags: ['sluice'],
        asDropdown: true,
        icon: 'external link',
        includeVars: true,
        keepTime: true,
        targetBlank: false,
        url: '',
      },
    ],
    panels: [
      ...answers(),
      ...trends(),
      ...evidence(),
      collapsed(50, 'Failures and incidents', 61, failures()),
      collapsed(51, 'Pull requests', 82, pullRequests()),
      collapsed(52, 'Attempts and changes', 102, attempts()),
      collapsed(53, 'Configuration drift', 122, drift()),
      collapsed(54, 'Periods', 132, periods()),
      collapsed(20, 'Reconcile', 142, reconcile()),
    ],
  } satisfies Dashboard;
}

function annotation(name: string, iconColor: string, enable: boolean, sqlFile: string): AnnotationQuery {
  return {
    name,
    iconColor,
    enable,
    hide: false,
    datasource: CLICKHOUSE,
    target: target(sqlFile, Format.TABLE, 'anno'),
  };
}
