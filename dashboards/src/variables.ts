import { VariableHide, VariableRefresh, VariableSort, type VariableModel } from '@grafana/schema';
import { CLICKHOUSE, CLICKHOUSE_PLUGIN, sql } from './query.js';

/** What Grafana takes "All" for. */
export const ALL = '$__all';

type Labels = { name: string; label: string; description: string };

/** Returns the variable that names the data source: panels hold no uid of their own. */
export function clickHouseDataSource(): VariableModel {
  return {
    type: 'datasource',
    name: 'clickhouse_datasource',
    label: 'ClickHouse data source',
    description: 'Where the contract views (dash.*) are read.',
    query: CLICKHOUSE_PLUGIN,
    current: { selected: true, text: 'Sluice ClickHouse', value: 'sluice-clickhouse' },
    hide: VariableHide.dontHide,
    includeAll: false,
    multi: false,
    options: [],
    refresh: VariableRefresh.onDashboardLoad,
    regex: '',
    skipUrlSync: false,
  };
}

/** Returns a variable with one value, out of what the file's query lists. */
export function oneOf(file: string, labels: Labels, initial: string): VariableModel {
  return {
    ...query(file, labels),
    current: { selected: true, text: initial, value: initial },
    includeAll: false,
    multi: false,
  };
}

/** Returns a variable with several values or all, out of what the file's query lists. */
export function someOf(file: string, labels: Labels): VariableModel {
  return {
    ...query(file, labels),
    current: { selected: true, text: ['All'], value: [ALL] },
    includeAll: true,
    multi: true,
  };
}

/** Returns a variable with one value or all, out of what the file's query lists. */
export function oneOfOrAll(file: string, labels: Labels): VariableModel {
  return {
    ...query(file, labels),
    current: { selected: true, text: 'All', value: ALL },
    includeAll: true,
    multi: false,
  };
}

/** Returns the variable that says where the gate API is. */
export function gateApi(description: string): VariableModel {
  return typed({ name: 'gate_api', label: 'Gate API', description }, 'http://127.0.0.1:8080');
}

/** Returns a variable that people type. */
function typed(labels: Labels, initial: string): VariableModel {
  const current = { selected: true, text: initial, value: initial };
  return {
    ...labels,
    type: 'textbox',
    query: initial,
    current,
    hide: VariableHide.dontHide,
    options: [current],
    skipUrlSync: false,
  };
}

/** Returns a variable with one of a few fixed values, given as value and text. */
export function choice(labels: Labels, options: readonly [string, string][], initial: string): VariableModel {
  const all = options.map(([value, text]) => ({ selected: value === initial, text, value }));
  const current = all.find((option) => option.selected);
  if (current === undefined) {
    throw new Error(`${labels.name}: ${initial} is not among the options`);
  }
  return {
    ...labels,
    type: 'custom',
    query: options.map(([value, text]) => `${text} : ${value}`).join(', '),
    options: all,
    current,
    allowCustomValue: false,
    hide: VariableHide.dontHide,
    includeAll: false,
    multi: false,
    skipUrlSync: false,
  };
}

function query(file: string, labels: Labels): VariableModel {
  const rawSql = sql(file);
  const model = {
    ...labels,
    type: 'query' as const,
    datasource: CLICKHOUSE,
    query: { refId: labels.name, queryType: 'sql', editorType: 'sql', rawSql },
    definition: rawSql, // what Grafana's list of variables shows; @grafana/schema does not have it
    hide: VariableHide.dontHide,
    options: [],
    refresh: VariableRefresh.onTimeRangeChanged,
    regex: '',
    skipUrlSync: false,
    sort: VariableSort.disabled,
  };
  return model;
}
