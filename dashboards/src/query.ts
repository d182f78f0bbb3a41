import { readFileSync } from 'node:fs';
import { projectFile } from './files.js';

/** The plugin that runs the queries. */
export const CLICKHOUSE_PLUGIN = 'grafana-clickhouse-datasource';

/** Release of the plugin whose query format is written here; without it the plugin migrates the query as an old one. */
export const CLICKHOUSE_PLUGIN_VERSION = '4.20.0';

/** The data source of every panel: what the dashboard's first variable names. */
export const CLICKHOUSE = { type: CLICKHOUSE_PLUGIN, uid: '${clickhouse_datasource}' };

/** What the plugin makes of the rows; the backend reads the number only. */
export enum Format {
  /** Rows ascending by time; a text column becomes the label of a series. */
  TIME_SERIES = 0,
  /** Rows as they are. */
  TABLE = 1,
}

/** A query in the form of the plugin (`CHSqlQuery`). */
export type ClickHouseTarget = {
  refId: string;
  datasource: { type: string; uid: string };
  pluginVersion: string;
  editorType: 'sql';
  queryType: 'timeseries' | 'table';
  format: Format;
  rawSql: string;
  meta: { timezone: 'UTC' };
};

/** What is put into a statement, by name: `:name` stands for it there. */
export type Values = Readonly<Record<string, string>>;

/** Returns the text of `src/sql/<name>.sql`, one statement without a semicolon, with the values in it. */
export function sql(name: string, values: Values = {}): string {
  const text = readFileSync(projectFile(`src/sql/${name}.sql`), 'utf8').trimEnd();
  return text.replaceAll(/(?<=\s):(\w+)/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) {
      throw new Error(`${name} needs :${key}`);
    }
    return value;
  });
}

/** Returns the target that runs `src/sql/<name>.sql`. */
export function target(name: string, format: Format, refId = 'A', values: Values = {}): ClickHouseTarget {
  return {
    refId,
    datasource: CLICKHOUSE,
    pluginVersion: CLICKHOUSE_PLUGIN_VERSION,
    editorType: 'sql',
    queryType: format === Format.TIME_SERIES ? 'timeseries' : 'table',
    format,
    rawSql: sql(name, values),
    meta: { timezone: 'UTC' },
  };
}
