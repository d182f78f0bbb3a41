import type { VariableModel } from '@grafana/schema';
import { clickHouseDataSource, gateApi, oneOf, oneOfOrAll, someOf } from '../variables.js';

/** Returns the variables that say which run is shown, and what of it. */
export function choices(): VariableModel[] {
  return [
    clickHouseDataSource(),
    oneOf(
      'canary/variable-tenant',
      { name: 'tenant', label: 'Tenant', description: 'Whose runs. A choice, not a boundary of access.' },
      'default',
    ),
    oneOf(
      'canary/variable-environment',
      { name: 'environment', label: 'Environment', description: 'Where the rollouts are.' },
      'production',
    ),
    oneOfOrAll('canary/variable-service', {
      name: 'service',
      label: 'Service',
      description: 'Offers the runs of one service, or of all.',
    }),
    oneOf(
      'canary/variable-run',
      {
        name: 'run',
        label: 'Run',
        description: 'The newest 200 that had started when the time range ends, the newest one first.',
      },
      '',
    ),
    someOf('canary/variable-metric', {
      name: 'metric',
      label: 'Metric',
      description: 'Each one has a graph of its own.',
    }),
    gateApi('Where the page of a run is, as the browser reaches it.'),
  ];
}
