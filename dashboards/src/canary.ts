import { DashboardCursorSync, type Dashboard } from '@grafana/schema';
import { answer } from './canary/answer.js';
import { evidence, samples } from './canary/evidence.js';
import { choices } from './canary/frame.js';
import { runs, twins } from './canary/runs.js';
import { scoreboard } from './canary/scoreboard.js';
import { marks, others } from './dora/frame.js';
import { collapsed } from './panels.js';

/** Returns the dashboard "Canary live": how a canary run stands, and how its verdict came about. */
export function canaryLive(): Dashboard {
  return {
    uid: 'sluice-canary',
    title: 'Canary live',
    description:
      'One canary run while it goes on, or afterwards: its verdict and why, each metric with its confidence sequence and the ' +
      'evidence for a failure and for a pass, the other runs, and how often A/A twins raise a false alarm.',
    tags: ['sluice', 'canary'],
    schemaVersion: 42,
    timezone: 'utc',
    weekStart: 'monday',
    editable: false,
    graphTooltip: DashboardCursorSync.Tooltip,
    time: { from: 'now-1h', to: 'now' },
    refresh: '10s',
    timepicker: { refresh_intervals: ['10s', '30s', '1m', '5m'] },
    templating: { list: choices() },
    annotations: { list: marks() },
    links: [others()],
    panels: [
      ...answer(),
      ...scoreboard(),
      ...evidence(),
      twins(212, { x: 16, y: 39, w: 8, h: 7 }),
      runs(213, 'Runs in range', { x: 0, y: 46, w: 24, h: 11 }),
      collapsed(250, 'Samples of each metric', 57, [samples(58)]),
    ],
  } satisfies Dashboard;
}
