import {
  AxisPlacement,
  FieldColorModeId,
  GraphDrawStyle,
  LegendDisplayMode,
  LineInterpolation,
  ScaleDistribution,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  type Panel,
  type ScaleDistributionConfig,
} from '@grafana/schema';
import type {
  FieldConfig as TimeSeriesFieldConfig,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { base, override, type Column, type Frame, type Override } from './panels.js';
import { Format } from './query.js';

/** How a line is drawn; what is not said is left to Grafana. */
export type Look = {
  color?: string;
  lineWidth?: number;
  /** Lengths of dashes and gaps, in pixels. */
  dash?: readonly number[];
  /** Whether the legend leaves it out. */
  unnamed?: boolean;
};

/** A column of its own, drawn as a line. */
export type Line = Column & Look;

const LINEAR: ScaleDistributionConfig = { type: ScaleDistribution.Linear };
/** Powers of ten. */
export const LOGARITHMIC: ScaleDistributionConfig = { type: ScaleDistribution.Log, log: 10 };
const EVERYWHERE = { legend: false, tooltip: false, viz: false };

/** Returns a graph with a line for each given column; the area between the columns `lower` and `upper` is filled. */
export function lines(frame: Frame, columns: readonly Line[], nothing: string): Panel {
  return graph(
    frame,
    columns.map((column) => drawn(override(column), column)),
    nothing,
    LINEAR,
  );
}

/**
 * Returns a graph with a line for each text of the column `label`.
 *
 * @param looks how the lines of some texts are drawn
 */
export function linesBy(
  frame: Frame,
  label: string,
  value: Column,
  looks: Readonly<Record<string, Look>>,
  nothing: string,
  scale = LINEAR,
): Panel {
  const named = override({ ...value, title: `\${__field.labels.${label}}` });
  const special = Object.entries(looks).map(([text, look]) =>
    drawn({ matcher: { id: 'byName', options: text }, properties: [] }, look),
  );
  return graph(frame, [named, ...special], nothing, scale);
}

/** Returns the ends of an interval, and the area between them. */
export function ends(value: Column, color: string): Line[] {
  return ['lower', 'upper'].map((name) => ({ ...value, name, title: name, color, lineWidth: 0, unnamed: true }));
}

function drawn({ matcher, properties }: Override, { color, lineWidth, dash, unnamed }: Look): Override {
  const area = matcher.options === 'upper' && lineWidth === 0;
  return {
    matcher,
    properties: [
      ...properties,
      ...(color === undefined ? [] : [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } }]),
      ...(lineWidth === undefined ? [] : [{ id: 'custom.lineWidth', value: lineWidth }]),
      ...(lineWidth === 0 ? [{ id: 'custom.showPoints', value: VisibilityMode.Never }] : []),
      ...(dash === undefined ? [] : [{ id: 'custom.lineStyle', value: { fill: 'dash', dash } }]),
      ...(unnamed === true ? [{ id: 'custom.hideFrom', value: { ...EVERYWHERE, legend: true } }] : []),
      ...(area
        ? [
            { id: 'custom.fillOpacity', value: 15 },
            { id: 'custom.fillBelowTo', value: 'lower' },
          ]
        : []),
    ],
  };
}

function graph(
  frame: Frame,
  overrides: readonly Override[],
  nothing: string,
  scaleDistribution: ScaleDistributionConfig,
): Panel {
  const options = {
    legend: { showLegend: true, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.None },
  } satisfies TimeSeriesOptions;
  const custom = {
    drawStyle: GraphDrawStyle.Line,
    lineInterpolation: LineInterpolation.Linear,
    lineWidth: 2,
    fillOpacity: 0,
    showPoints: VisibilityMode.Auto,
    spanNulls: false,
    axisPlacement: AxisPlacement.Auto,
    scaleDistribution,
    hideFrom: EVERYWHERE,
  } satisfies TimeSeriesFieldConfig;
  return {
    ...base('timeseries', frame, Format.TIME_SERIES),
    fieldConfig: {
      defaults: { color: { mode: FieldColorModeId.PaletteClassic }, noValue: nothing, custom },
      overrides: [...overrides],
    },
    options,
  } satisfies Panel;
}
