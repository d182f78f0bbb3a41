import { Format } from '../src/query.js';
import type { Cell, Result } from './clickhouse.js';
import type { DrawnField } from './drawing.js';

/** Returns the columns that a panel gets for a result, as the data source makes them of the rows. */
export function fieldsOf({ columns, rows }: Result, format: Format): DrawnField[] {
  const long = columns.map(({ name, type }, at): DrawnField => {
    const kind = kindOf(type);
    return { name, type: kind, values: rows.map((row) => valueOf(row[at] ?? null, kind)) };
  });
  return format === Format.TIME_SERIES ? wide(long) : long;
}

function kindOf(type: string): DrawnField['type'] {
  if (/Date/.test(type)) {
    return 'time';
  }
  if (/Bool/.test(type)) {
    return 'boolean';
  }
  return /Int|Float|Decimal/.test(type) ? 'number' : 'string';
}

function valueOf(cell: Cell, kind: DrawnField['type']): string | number | boolean | null {
  if (cell === null) {
    return null;
  }
  switch (kind) {
    case 'time':
      return Date.parse(`${String(cell).replace(' ', 'T')}Z`);
    case 'number':
      return Number(cell);
    case 'boolean':
      return Boolean(cell);
    case 'string':
      return String(cell);
  }
}

/** Series for each combination of texts, as the plugin's `LongToWide` makes them of rows that ascend by time. */
function wide(long: readonly DrawnField[]): DrawnField[] {
  const time = long.find(({ type }) => type === 'time');
  const labels = long.filter(({ type }) => type === 'string');
  const values = long.filter(({ type }) => type === 'number');
  if (time === undefined || labels.length === 0) {
    return [...long];
  }
  const times = [...new Set(time.values)];
  const place = new Map(times.map((at, index) => [at, index]));
  const found = new Map<string, DrawnField[]>();
  for (const [row, at] of time.values.entries()) {
    const texts = Object.fromEntries(labels.map((label) => [label.name, String(label.values[row])]));
    const key = JSON.stringify(texts);
    const series =
      found.get(key) ?? values.map((value): DrawnField => ({ ...value, labels: texts, values: times.map(() => null) }));
    found.set(key, series);
    for (const [index, value] of values.entries()) {
      const field = series[index];
      if (field !== undefined) {
        field.values[place.get(at) ?? -1] = value.values[row] ?? null;
      }
    }
  }
  return [{ ...time, values: times }, ...[...found.values()].flat()];
}
