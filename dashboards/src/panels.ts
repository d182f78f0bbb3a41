import {
  AxisPlacement,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  FieldColorModeId,
  GraphDrawStyle,
  LegendDisplayMode,
  MappingType,
  PercentChangeColorMode,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TableCellDisplayMode,
  TableCellHeight,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
  type FieldConfig,
  type GridPos,
  type Panel,
  type RowPanel,
  type Threshold,
} from '@grafana/schema';
import type {
  FieldConfig as StateTimelineFieldConfig,
  Options as StateTimelineOptions,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as TableFieldConfig,
  Options as TableOptions,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type {
  FieldConfig as TimeSeriesFieldConfig,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { CLICKHOUSE, Format, target, type Values } from './query.js';

/** Release of Grafana whose panel options are written here; older ones from 11.6 on read them. */
const GRAFANA_VERSION = '13.2.2';

/** Shown for a column with nothing in a row. */
const NOTHING = '–';

/** What a reader has to know of a panel: its description says all of it, in this order. */
export type Explanation = {
  definition: string;
  formula: string;
  /** The view of `dash` that the query reads. */
  source: string;
  reading: string;
};

/** How a column of the result is shown. */
export type Column = {
  name: string;
  title: string;
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  width?: number;
  /** Shown where there is no value. */
  nothing?: string;
  link?: { title: string; url: string; targetBlank?: boolean };
  /** Whether a text takes as many lines as it needs in a table, as does the title. */
  wraps?: boolean;
  /** Whether a table does not show it: a link needs it. */
  hidden?: boolean;
  thresholds?: readonly Threshold[];
  /** What stands for a text, and its colour. */
  texts?: Readonly<Record<string, { text: string; color: string }>>;
};

/** Whether a graph draws the interval of each value. */
export enum Interval {
  NONE,
  /** The query returns its ends as `lower` and `upper`, and those only where it returns a single series. */
  BAND,
}

/** The colour of each series by its name. */
export type Colours = Readonly<Record<string, string>>;

/** What a panel is, and where it stands; `values` are put into its statement. */
export type Frame = {
  id: number;
  title: string;
  sql: string;
  values?: Values;
  gridPos: GridPos;
  explanation: Explanation;
};

export type Override = { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] };

/** Returns a panel of big numbers: every given column of the query's only row, beside each other or one below the other. */
export function stat(
  frame: Frame,
  columns: readonly Column[],
  nothing: string,
  orientation = VizOrientation.Auto,
  colours = BigValueColorMode.Value,
): Panel {
  const coloured = columns.some((column) => column.thresholds !== undefined || column.texts !== undefined);
  const options = {
    reduceOptions: { calcs: ['lastNotNull'], fields: '/.*/', values: false },
    orientation,
    colorMode: coloured ? colours : BigValueColorMode.None,
    graphMode: BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    textMode: BigValueTextMode.ValueAndName,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    showPercentChange: false,
    wideLayout: true,
  } satisfies StatOptions;
  return {
    ...base('stat', frame, Format.TABLE),
    fieldConfig: {
      defaults: { ...neutral(), noValue: nothing },
      overrides: columns.map((column) => override(column)),
    },
    options,
  } satisfies Panel;
}

/** Returns a table of the query's rows; columns that are not given stay as they are. */
export function table(frame: Frame, columns: readonly Column[], nothing = NOTHING): Panel {
  const options = {
    frameIndex: 0,
    showHeader: true,
    cellHeight: TableCellHeight.Sm,
    enablePagination: true,
  } satisfies TableOptions;
  const custom = {
    cellOptions: { type: TableCellDisplayMode.Auto },
    filterable: false,
    inspect: false,
  } satisfies Partial<TableFieldConfig>;
  return {
    ...base('table', frame, Format.TABLE),
    fieldConfig: {
      defaults: { ...neutral(), noValue: nothing, custom },
      // what stands in an empty table would also stand in each empty cell
      overrides: columns.map((column) => override({ nothing: NOTHING, ...column }, true)),
    },
    options,
  } satisfies Panel;
}

/**
 * Returns a graph with a series for each text of the column `label`. The column `n`, what a value is computed from, has
 * no mark of its own: the tooltip shows it beside the value, as it does the ends of an interval.
 */
export function trend(
  frame: Frame,
  style: GraphDrawStyle.Bars | GraphDrawStyle.Points,
  value: Column,
  interval: Interval,
  label = 'service',
  colours: Colours = {},
): Panel {
  const ends = interval === Interval.BAND ? band(value) : [];
  const titled = { ...value, title: `\${__field.labels.${label}}` };
  const n = observations(`n of \${__field.labels.${label}}`);
  return graph(frame, style, titled, [...coloured(colours), n, ...ends]);
}

/** Returns a graph of a single series, which always has its interval. */
export function scopeTrend(frame: Frame, style: GraphDrawStyle.Bars | GraphDrawStyle.Points, value: Column): Panel {
  return graph(frame, style, value, [observations('n'), ...band(value)]);
}

/** Returns a graph of stacked bars that count: a series for each text of the column `label`, in its colour. */
export function counts(frame: Frame, value: Column, label: string, colours: Colours): Panel {
  return graph(frame, GraphDrawStyle.Bars, { ...value, title: `\${__field.labels.${label}}` }, coloured(colours));
}

/** Sets the colours of series by their names. */
function coloured(colours: Colours): Override[] {
  return Object.entries(colours).map(([text, fixedColor]) => ({
    matcher: { id: 'byName', options: text },
    properties: [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }],
  }));
}

/**
 * Returns a band of the states in a column: each lasts from its time until that of the next row. With a `label` there is a
 * band for each text of that column, whose states are numbers, and equal states are one.
 */
export function states(frame: Frame, state: Column, nothing: string, label?: string): Panel {
  const titled = label === undefined ? state : { ...state, title: `\${__field.labels.${label}}` };
  const options = {
    showValue: label === undefined ? VisibilityMode.Never : VisibilityMode.Auto,
    mergeValues: label !== undefined,
    rowHeight: 0.8,
    alignValue: 'left',
    legend: { showLegend: true, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
  } satisfies StateTimelineOptions;
  const custom = {
    lineWidth: 1,
    fillOpacity: 70,
    hideFrom: { legend: false, tooltip: false, viz: false },
  } satisfies StateTimelineFieldConfig;
  return {
    ...base('state-timeline', frame, label === undefined ? Format.TABLE : Format.TIME_SERIES),
    fieldConfig: { defaults: { ...neutral(), noValue: nothing, custom }, overrides: [override(titled)] },
    options,
  } satisfies Panel;
}

function graph(
  frame: Frame,
  style: GraphDrawStyle.Bars | GraphDrawStyle.Points,
  value: Column,
  overrides: readonly Override[],
): Panel {
  const bars = style === GraphDrawStyle.Bars;
  const options = {
    legend: { showLegend: true, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.None },
  } satisfies TimeSeriesOptions;
  const custom = {
    drawStyle: style,
    lineWidth: bars ? 0 : 1,
    fillOpacity: bars ? 70 : 0,
    pointSize: 8,
    showPoints: bars ? VisibilityMode.Never : VisibilityMode.Always,
    spanNulls: false,
    // bars at one time would cover each other
    stacking: { mode: bars ? StackingMode.Normal : StackingMode.None, group: 'A' },
    axisPlacement: AxisPlacement.Auto,
    axisSoftMin: 0,
    scaleDistribution: { type: ScaleDistribution.Linear },
    hideFrom: { legend: false, tooltip: false, viz: false },
  } satisfies TimeSeriesFieldConfig;
  return {
    ...base('timeseries', frame, Format.TIME_SERIES),
    fieldConfig: {
      defaults: {
        color: { mode: FieldColorModeId.PaletteClassicByName },
        noValue: NOTHING,
        custom,
      },
      overrides: [override(value), ...overrides],
    },
    options,
  } satisfies Panel;
}

/** What the values of a graph are computed from. */
function observations(title: string): Override {
  return {
    matcher: { id: 'byName', options: 'n' },
    properties: [
      { id: 'displayName', value: title },
      { id: 'unit', value: 'none' },
      { id: 'decimals', value: 0 },
      { id: 'custom.drawStyle', value: GraphDrawStyle.Line },
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.showPoints', value: VisibilityMode.Never },
      { id: 'custom.spanNulls', value: true }, // else one without a neighbour gets a point
      { id: 'custom.stacking', value: { mode: StackingMode.None, group: 'n' } },
      { id: 'custom.axisPlacement', value: AxisPlacement.Hidden },
      { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
    ],
  };
}

/** Returns a row that is closed until someone opens it: its panels run no query before. */
export function collapsed(id: number, title: string, y: number, panels: Panel[]): RowPanel {
  return { id, type: 'row', title, collapsed: true, gridPos: { x: 0, y, w: 24, h: 1 }, panels };
}

/**
 * The ends of the interval, with the area between them. A band is found by the name of its lower end, which must be
 * there once: bands of several series at a time cannot be told apart.
 */
function band(value: Column): Override[] {
  return ['lower', 'upper'].map((name) => {
    const { matcher, properties } = override({ ...value, name, title: name });
    const area = [
      { id: 'custom.fillOpacity', value: 15 },
      { id: 'custom.fillBelowTo', value: 'lower' },
    ];
    return {
      matcher,
      properties: [
        ...properties,
        { id: 'noValue', value: null }, // unset: no line in the tooltip
        { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: 'text' } },
        { id: 'custom.drawStyle', value: GraphDrawStyle.Line },
        { id: 'custom.lineWidth', value: 0 },
        ...(name === 'upper' ? area : [{ id: 'custom.fillOpacity', value: 0 }]),
        { id: 'custom.showPoints', value: VisibilityMode.Never },
        { id: 'custom.pointSize', value: 3 }, // the ends of an interval without a neighbour are drawn all the same
        { id: 'custom.stacking', value: { mode: StackingMode.None, group: 'interval' } },
        { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
      ],
    };
  });
}

/** Returns what every kind of panel has. */
export function base(type: string, frame: Frame, format: Format): Panel {
  const { definition, formula, source, reading } = frame.explanation;
  return {
    id: frame.id,
    type,
    title: frame.title,
    description: [
      `**Definition.** ${definition}`,
      `**Formula.** ${formula}`,
      `**Source.** \`${source}\``,
      `**How to read.** ${reading}`,
    ].join('\n\n'),
    gridPos: frame.gridPos,
    datasource: CLICKHOUSE,
    pluginVersion: GRAFANA_VERSION,
    targets: [target(frame.sql, format, 'A', frame.values)],
  };
}

function neutral(): FieldConfig {
  return {
    color: { mode: FieldColorModeId.Thresholds },
    thresholds: { mode: ThresholdsMode.Absolute, steps: [{ color: 'text', value: null }] },
  };
}

/** The settings of a column; colours reach the cell of a table only if they are asked for. */
export function override(column: Column, cell = false): Override {
  const properties: { id: string; value: unknown }[] = [{ id: 'displayName', value: column.title }];
  const add = (id: string, value: unknown): void => {
    if (value !== undefined) {
      properties.push({ id, value });
    }
  };
  add('unit', column.unit);
  add('decimals', column.decimals);
  add('min', column.min);
  add('max', column.max);
  add('noValue', column.nothing);
  add('custom.width', column.width);
  add('links', column.link && [{ targetBlank: false, ...column.link }]);
  add('thresholds', column.thresholds && { mode: ThresholdsMode.Absolute, steps: column.thresholds });
  add('mappings', column.texts && [{ type: MappingType.ValueToText, options: column.texts }]);
  if (cell && (column.thresholds !== undefined || column.texts !== undefined)) {
    add('custom.cellOptions', { type: TableCellDisplayMode.ColorText });
  }
  add('custom.wrapText', column.wraps);
  add('custom.wrapHeaderText', column.wraps);
  add('custom.hideFrom', column.hidden && { legend: false, tooltip: false, viz: true });
  return { matcher: { id: 'byName', options: column.name }, properties };
}
