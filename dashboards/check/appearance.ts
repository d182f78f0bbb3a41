/** How a value looks by the settings of its column: written from the rules of Grafana's units, not with its code. */

import type { Panel } from '@grafana/schema';
import type { DrawnField } from './drawing.js';

type Value = DrawnField['values'][number];

const DURATIONS: readonly [number, string][] = [
  [31_536_000, 'years'],
  [604_800, 'weeks'],
  [86_400, 'days'],
  [3_600, 'hours'],
  [60, 'mins'],
  [1, 's'],
];

/** Returns the setting of a column, if it has it. */
export function settingOf(panel: Panel, column: string, id: string): unknown {
  const override = panel.fieldConfig?.overrides.find(({ matcher }) => matcher.options === column);
  return override?.properties.find((property) => property.id === id)?.value;
}

/** Returns the text of a value in a column of a panel. */
export function appearance(panel: Panel, column: string, value: Value): string {
  const setting = (id: string): unknown => settingOf(panel, column, id);
  if (value === null || value === '') {
    return String(setting('noValue') ?? panel.fieldConfig?.defaults.noValue);
  }
  if (typeof value !== 'number') {
    const [mapping] = (setting('mappings') ?? []) as { options: Record<string, { text: string }> }[];
    return mapping?.options[String(value)]?.text ?? String(value);
  }
  const decimals = Number(setting('decimals') ?? 0);
  const unit = String(setting('unit'));
  switch (unit) {
    case 'none':
      return value.toFixed(decimals);
    case 'percentunit':
      return `${(value * 100).toFixed(decimals)}%`;
    case 's':
      return duration(value, decimals);
    case 'dateTimeAsIso':
      return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
    default:
      if (!unit.startsWith('suffix:')) {
        throw new Error(`how does ${unit} look?`);
      }
      return `${value.toFixed(decimals)} ${unit.slice('suffix:'.length)}`;
  }
}

function duration(seconds: number, decimals: number): string {
  if (seconds === 0) {
    return '0 s';
  }
  const [length, name] = DURATIONS.find(([limit]) => Math.abs(seconds) >= limit) ?? [0.001, 'ms'];
  const amount = seconds / length;
  return `${amount.toFixed(decimals)} ${amount === 1 && name !== 's' ? name.replace(/s$/, '') : name}`;
}
