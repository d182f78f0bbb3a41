import type { VariableModel } from '@grafana/schema';
import { clickHouseDataSource, gateApi, oneOf, oneOfOrAll } from '../variables.js';

/** Returns the variables that say whose decisions are shown. */
export function choices(): VariableModel[] {
  return [
    clickHouseDataSource(),
    oneOf(
      'gate/variable-tenant',
      { name: 'tenant', label: 'Tenant', description: 'Whose gates. A choice, not a boundary of access.' },
      'default',
    ),
    oneOf(
      'gate/variable-environment',
      { name: 'environment', label: 'Environment', description: 'Where something would go, or went.' },
      'production',
    ),
    oneOfOrAll('gate/variable-service', {
      name: 'service',
      label: 'Service',
      description: 'Also those that gates were asked about, and nothing else is known of.',
    }),
    gateApi('Where decisions are read in full, as the browser reaches it.'),
  ];
}
