import type { Dashboard } from '@grafana/schema';
import { doraOverview } from './dora.js';

/** Every dashboard by the name of its file. */
export const DASHBOARDS: ReadonlyMap<string, Dashboard> = new Map([['sluice-dora.json', doraOverview()]]);
