/**
 * Expands a statement as Grafana and the ClickHouse data source do: first what the browser replaces, then what the
 * plugin's backend does. Only the macros that the dashboards use are known; anything that starts with `$` and is left
 * over is an error.
 */

/** Start and end of the panel's range. */
export type TimeRange = { from: Date; to: Date };

/** What is chosen for a variable, and what there is to choose from. */
export type Choice = { value: string | readonly string[]; options: readonly string[] };

export type Choices = ReadonlyMap<string, Choice>;

const ALL = '$__all';

/** Returns the statement as ClickHouse gets it. */
export function expand(sql: string, choices: Choices, range: TimeRange): string {
  const expanded = backend(replaceVariables(conditionalAll(sql, choices), choices), range);
  const left = /\$\w+|\$\{/.exec(withoutTexts(expanded));
  if (left !== null) {
    throw new Error(`${left[0]} is left over in: ${expanded}`);
  }
  return expanded;
}

/** Replaces `$__conditionalAll(condition, $variable)`; the browser splits at commas without looking at quotes. */
export function conditionalAll(sql: string, choices: Choices): string {
  const macro = '$__conditionalAll(';
  let text = sql;
  for (let at = text.indexOf(macro); at >= 0; at = text.indexOf(macro)) {
    const { parts, end } = argumentsAt(text, at + macro.length);
    const [condition, variable] = parts;
    const name = /^\$(\w+)$|^\$\{(\w+)\}$/.exec(variable?.trim() ?? '');
    if (parts.length !== 2 || condition === undefined || name === null) {
      throw new Error(`$__conditionalAll is not (condition, $variable): ${parts.join(' | ')}`);
    }
    const chosen = String(choice(choices, name[1] ?? name[2] ?? '').value);
    text = text.slice(0, at) + (chosen === '' || chosen === ALL ? '1=1' : condition.trim()) + text.slice(end);
  }
  return text;
}

/** Replaces `${name:format}` and `$name` by what is chosen. */
export function replaceVariables(sql: string, choices: Choices): string {
  return sql.replaceAll(/\$\{(\w+)(?::(\w+))?\}|\$(?!__)(\w+)/g, (_, braced, format, bare) => {
    const { value, options } = choice(choices, braced ?? bare);
    const values = typeof value === 'string' ? [value] : value;
    return formatted(values.includes(ALL) ? options : values, format, Array.isArray(value));
  });
}

function formatted(values: readonly string[], format: string | undefined, several: boolean): string {
  switch (format) {
    case 'singlequote':
      return values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(',');
    case 'csv':
      return values.join(',');
    case 'raw':
      return values.join(',');
    case undefined: // the plugin's own format: no escaping at all
      return several ? values.map((value) => `'${value}'`).join(',') : (values[0] ?? '');
    default:
      throw new Error(`unknown format :${format}`);
  }
}

/** Steps of Grafana in seconds, each with the length below which an interval is rounded to it. */
const STEPS: readonly [number, number][] = [
  [90, 60],
  [210, 120],
  [450, 300],
  [750, 600],
  [1_050, 900],
  [1_500, 1_200],
  [2_700, 1_800],
  [5_400, 3_600],
  [9_000, 7_200],
  [16_200, 10_800],
  [32_400, 21_600],
  [86_400, 43_200],
  [604_800, 86_400],
];
const WEEK_SECONDS = 604_800;
/** How many intervals the graphs that group by them ask for, at most. */
const INTERVALS = 100;

/** Returns the length of an interval in seconds, as Grafana computes it for a graph of a hundred, and a minute at least. */
export function intervalOf({ from, to }: TimeRange): number {
  const length = (to.getTime() - from.getTime()) / 1000 / INTERVALS;
  return STEPS.find(([limit]) => length < limit)?.[1] ?? WEEK_SECONDS;
}

/** Expands the macros of the plugin's backend. */
export function backend(sql: string, range: TimeRange, intervalSeconds = intervalOf(range)): string {
  const from = Math.floor(range.from.getTime() / 1000);
  const to = Math.floor(range.to.getTime() / 1000);
  const fromDate = range.from.toISOString().slice(0, 10);
  const toDate = range.to.toISOString().slice(0, 10);
  const calls: Record<string, (column: string) => string> = {
    $__timeFilter: (column) => `${column} >= toDateTime(${from}) AND ${column} <= toDateTime(${to})`,
    $__timeFilter_ms: (column) =>
      `${column} >= fromUnixTimestamp64Milli(${range.from.getTime()}) AND ${column} <= fromUnixTimestamp64Milli(${range.to.getTime()})`,
    $__timeInterval: (column) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${intervalSeconds} second)`,
    $__dateFilter: (column) => `${column} >= toDate('${fromDate}') AND ${column} <= toDate('${toDate}')`,
  };
  return withoutComments(sql)
    .replaceAll(/(\$__\w+)\(([^()]*)\)/g, (call, name, column) => calls[name]?.(column.trim()) ?? call)
    .replaceAll(/\$__fromTime\b/g, `toDateTime(${from})`)
    .replaceAll(/\$__toTime\b/g, `toDateTime(${to})`);
}

function argumentsAt(text: string, start: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  let depth = 1;
  let begin = start;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (c === '(' || c === '[' || c === '{') {
      depth++;
    } else if (c === ')' || c === ']' || c === '}') {
      depth--;
    }
    if (depth === 0) {
      return { parts: [...parts, text.slice(begin, at)], end: at + 1 };
    }
    if (c === ',' && depth === 1) {
      parts.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  throw new Error(`bracket not closed: ${text.slice(start)}`);
}

function withoutComments(sql: string): string {
  return sql.replaceAll(/('(?:[^'\\]|\\.|'')*')|--[^\n]*|\/\*[\s\S]*?\*\//g, (_, text) => text ?? '');
}

function withoutTexts(sql: string): string {
  return sql.replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''");
}

function choice(choices: Choices, name: string): Choice {
  const found = choices.get(name);
  if (found === undefined) {
    throw new Error(`no variable ${name}`);
  }
  return found;
}
