import { DashboardCursorSync, type Dashboard } from '@grafana/schema';
import { marks, others } from './dora/frame.js';
import { answers } from './gate/answers.js';
import { bypasses, consumptions, overrides, quality } from './gate/audit.js';
import { latest, outcomes, policies, reasons, trials } from './gate/decisions.js';
import { choices } from './gate/frame.js';

/** Returns the dashboard "Gate decisions": how gates decide and why, who overrides them, and what went past them. */
export function gateDecisions(): Dashboard {
  return {
    uid: 'sluice-gate',
    title: 'Gate decisions',
    description:
      'How gates decide and why, by policy and rule; who let something pass all the same; what was deployed without a decision; and ' +
      'how deployments turned out that were allowed, and those that were not.',
    tags: ['sluice', 'gate'],
    schemaVersion: 42,
    timezone: 'utc',
    weekStart: 'monday',
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: 'now-7d', to: 'now' },
    refresh: '30s',
    timepicker: { refresh_intervals: ['30s', '1m', '5m', '15m'] },
    templating: { list: choices() },
    annotations: { list: marks() },
    links: [others()],
    panels: [
      ...answers(),
      outcomes(304, { x: 0, y: 5, w: 12, h: 8 }),
      reasons(305, { x: 12, y: 5, w: 12, h: 8 }),
      bypasses(308, { x: 0, y: 13, w: 24, h: 10 }),
      quality(307, { x: 0, y: 23, w: 10, h: 8 }),
      policies(306, { x: 10, y: 23, w: 14, h: 8 }),
      overrides(309, { x: 0, y: 31, w: 24, h: 8 }),
      latest(311, { x: 0, y: 39, w: 24, h: 10 }),
      consumptions(310, { x: 0, y: 49, w: 14, h: 8 }),
      trials(312, { x: 14, y: 49, w: 10, h: 8 }),
    ],
  } satisfies Dashboard;
}
