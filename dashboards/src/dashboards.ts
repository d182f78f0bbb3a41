import type { Dashboard } from '@grafana/schema';
import { canaryLive } from './canary.js';
import { doraOverview } from './dora.js';
import { gateDecisions } from './gate.js';
import { serviceDrillDown } from './service.js';

/** Every dashboard by the name of its file. */
export const DASHBOARDS: ReadonlyMap<string, Dashboard> = new Map([
  ['sluice-canary.json', canaryLive()],
  ['sluice-dora.json', doraOverview()],
  ['sluice-gate.json', gateDecisions()],
  ['sluice-service.json', serviceDrillDown()],
]);
