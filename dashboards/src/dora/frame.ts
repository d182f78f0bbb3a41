import type { AnnotationQuery, DashboardLink, VariableModel } from '@grafana/schema';
import { CLICKHOUSE, Format, target } from '../query.js';
import { choice, clickHouseDataSource, oneOf, oneOfOrAll } from '../variables.js';

/** Returns the variables that say whose numbers are shown; `all` lets them be those of all services. */
export function series(all: boolean): VariableModel[] {
  const service = {
    name: 'service',
    label: 'Service',
    description: all
      ? 'One service, or all of the team. Of a team, trends and tables show all that its services did, also before they ' +
        'came to it.'
      : 'The service that is shown.',
  };
  return [
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
    oneOfOrAll('dora/variable-team', {
      name: 'team',
      label: 'Team',
      description: 'Offers the services that belong, or have belonged, to the team.',
    }),
    all ? oneOfOrAll('dora/variable-service', service) : oneOf('dora/variable-service', service, 'checkout'),
  ];
}

/** Returns the variables that say how long periods and windows are. */
export function lengths(): VariableModel[] {
  return [
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
      { name: 'window', label: 'Window', description: 'The rolling window of the services table, as gates use it.' },
      [
        ['7', '7 days'],
        ['30', '30 days'],
        ['90', '90 days'],
      ],
      '30',
    ),
  ];
}

/** Returns what is marked on every graph. */
export function marks(): AnnotationQuery[] {
  return [
    annotation('Rollbacks', 'red', true, 'dora/annotation-rollbacks'),
    annotation('Incidents', 'orange', true, 'dora/annotation-incidents'),
    annotation('Deployments', 'green', false, 'dora/annotation-deployments'),
  ];
}

/** Returns the link to the other dashboards. */
export function others(): DashboardLink {
  return {
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
  };
}

/** Returns the link to the report of the service. */
export function report(): DashboardLink {
  return {
    type: 'link',
    title: 'Report',
    tooltip: 'The same days of the service in words, as a page that can be printed',
    tags: [],
    asDropdown: false,
    icon: 'doc',
    includeVars: false,
    keepTime: false,
    targetBlank: true,
    url:
      '${gate_api:raw}/reports/dora?service=${service:percentencode}&environment=${environment:percentencode}' +
      '&from=${__from:date:YYYY-MM-DD}&to=${__to:date:YYYY-MM-DD}',
  };
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
