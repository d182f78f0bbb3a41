import type { Dashboard } from '@grafana/schema';

/** Returns a dashboard as the text of its file. */
export function json(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
