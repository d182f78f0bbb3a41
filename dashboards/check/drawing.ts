import type { FieldConfigSource, GridPos } from '@grafana/schema';

/** A column of a result, as a data source hands it to a panel; times are milliseconds. */
export type DrawnField = {
  name: string;
  type: 'time' | 'number' | 'string' | 'boolean';
  labels?: Record<string, string>;
  values: (number | string | boolean | null)[];
};

/** A panel with its data. */
export type DrawnPanel = {
  id: number;
  type: string;
  title: string;
  gridPos: GridPos;
  options: Record<string, unknown>;
  fieldConfig: FieldConfigSource;
  fields: DrawnField[];
};

/** What a page is to draw: the panels of a dashboard. */
export type Drawing = {
  title: string;
  /** The time range, in milliseconds. */
  from: number;
  to: number;
  panels: DrawnPanel[];
};

/** What is to be seen of a panel. */
export type Seen = {
  /** The error that is shown in its place. */
  error: string | undefined;
  /** All that stands there as text. */
  text: string;
  /** The names above the columns of a table, and the cells of its first page. */
  header: string[];
  rows: string[][];
  /** The series in the legend of a graph, with how many pixels have the colour of each. */
  legend: { name: string; pixels: number }[];
  /** How many pixels have another colour than grey, and none of a series in the legend. */
  strange: number;
  /** How many pixels an area of the interval covers: the only ones that are partly transparent. */
  area: number;
  /** What is written at the axes of a graph. */
  axes: string[];
};
