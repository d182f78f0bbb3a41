/** Draws the panels of a dashboard with Grafana's own code: what the page of a browser runs. */

import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createTheme,
  dateTime,
  FieldConfigOptionsRegistry,
  getFieldDisplayValues,
  ThemeContext,
  toDataFrame,
  type DataFrame,
  type Field,
  type FieldConfigSource,
  type FieldDisplay,
  type InterpolateFunction,
  type TimeRange,
} from '@grafana/data';
import { BigValue, GlobalStyles, TimeSeries, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { Component, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { DrawnField, DrawnPanel, Drawing, Seen } from '../check/drawing.js';
import { seen } from './seen.js';

/** Pixels of a grid cell and of the gap between two, as Grafana has them. */
const CELL = { width: 64, height: 30, gap: 8 };
const PADDING = 8;
const HEADER = 24;

/** What every field can be set to; kinds of panels add their own. */
const STANDARD = [
  ...['displayName', 'unit', 'min', 'max', 'decimals', 'thresholds', 'mappings', 'noValue', 'links', 'color'],
  ...['description', 'filterable'],
];

const theme = createTheme({ colors: { mode: 'light' } });

declare global {
  interface Window {
    drawing: Drawing;
    seen: (panel: number) => Seen;
  }
}

/** Shows the error of a panel where the panel would be. */
class Boundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error ? <div data-error>{String(this.state.error)}</div> : this.props.children;
  }
}

function Visualization({ panel, range, width, height }: { panel: DrawnPanel; range: TimeRange } & Size) {
  const fieldConfig = panel.fieldConfig as FieldConfigSource;
  const [frame] = configured(fieldConfig, panel.fields);
  if (frame === undefined || frame.length === 0) {
    return <div>{fieldConfig.defaults.noValue}</div>;
  }
  const options = panel.options as Options;
  switch (panel.type) {
    case 'timeseries':
      return (
        <TimeSeries
          frames={[frame]}
          {...{ width, height, options }}
          timeRange={range}
          timeZone="utc"
          legend={options['legend']}
        />
      );
    case 'stat':
      return <Stat {...{ fieldConfig, frame, options, width, height }} />;
    case 'table':
      return (
        <TableNG
          data={frame}
          {...{ width, height }}
          cellHeight={options['cellHeight']}
          enablePagination={options['enablePagination']}
          enableVirtualization={false}
          fieldConfig={fieldConfig}
        />
      );
    default:
      return <div data-undrawn>{panel.type}: Grafana does not publish the component that draws this</div>;
  }
}

type Size = { width: number; height: number };
/** Options that the sources have typed, and a component takes. */
type Options = Record<string, any>;
type StatProps = {
  fieldConfig: FieldConfigSource;
  frame: DataFrame;
  options: Options;
};

function Stat({ fieldConfig, frame, options, width, height }: StatProps & Size) {
  const values = getFieldDisplayValues({
    fieldConfig,
    reduceOptions: options['reduceOptions'],
    replaceVariables: replace,
    theme,
    data: [frame],
    timeZone: 'utc',
  });
  return (
    <VizRepeater
      {...{ width, height }}
      source={values}
      getValues={() => values}
      orientation={options['orientation']}
      itemSpacing={3}
      autoGrid
      renderCounter={0}
      renderValue={({ value, width, height, count }) => (
        <BigValue
          {...{ width, height, count, theme }}
          value={(value as FieldDisplay).display}
          colorMode={options['colorMode']}
          graphMode={options['graphMode']}
          textMode={options['textMode']}
          justifyMode={options['justifyMode']}
        />
      )}
    />
  );
}

/** The frame as the panel gets it: Grafana's own overrides applied. */
function configured(fieldConfig: FieldConfigSource, fields: DrawnField[]): DataFrame[] {
  const frames = applyFieldOverrides({
    data: [toDataFrame({ fields: fields.map((field) => ({ ...field, config: {} })) })],
    fieldConfig,
    theme,
    replaceVariables: replace,
    timeZone: 'utc',
    fieldConfigRegistry: registry(fieldConfig),
  });
  cacheFieldDisplayNames(frames);
  return frames;
}

function registry({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const found = new FieldConfigOptionsRegistry();
  const custom = [
    ...Object.keys(defaults.custom ?? {}),
    ...overrides.flatMap(({ properties }) => properties.map(({ id }) => id)).filter((id) => id.startsWith('custom.')),
  ].map((id) => id.replace(/^custom\./, ''));
  const add = (path: string, isCustom: boolean): void => {
    const process = (value: unknown, context: { replaceVariables?: InterpolateFunction; field?: Field }): unknown =>
      path === 'displayName' ? context.replaceVariables?.(String(value), scoped(context.field)) : value;
    const id = isCustom ? `custom.${path}` : path;
    const rest = { name: id, process, shouldApply: () => true, override: () => null, editor: () => null };
    found.register({ id, path, isCustom, ...rest } as never);
  };
  STANDARD.forEach((path) => add(path, false));
  new Set(custom).forEach((path) => add(path, true));
  return found;
}

function scoped(field: Field | undefined) {
  return { __field: { text: 'Field', value: field } };
}

/** Replaces labels of the field that a text is about; links, which have other variables, are not followed here. */
const replace: InterpolateFunction = (text, scopedVars) =>
  text.replaceAll(/\$\{__field\.labels\.(\w+)\}/g, (whole, label: string) => {
    const field = scopedVars?.['__field']?.value as Field | undefined;
    return field?.labels?.[label] ?? whole;
  });

function Page({ title, panels, from, to }: Drawing) {
  const range = { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } };
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <h1 style={{ margin: '8px 0', font: '500 22px sans-serif' }}>{title}</h1>
      <main
        style={{
          display: 'grid',
          gridTemplateColumns: `repeat(24, ${CELL.width - CELL.gap}px)`,
          gridAutoRows: `${CELL.height}px`,
          gap: CELL.gap,
        }}
      >
        {panels.map((panel) => {
          const { x, y, w, h } = panel.gridPos;
          const size = {
            width: w * CELL.width - CELL.gap - 2 * PADDING - 2,
            height: h * (CELL.height + CELL.gap) - CELL.gap - 2 * PADDING - 2 - HEADER,
          };
          return (
            <section
              key={panel.id}
              data-panel={panel.id}
              style={{
                gridColumn: `${x + 1} / span ${w}`,
                gridRow: `${y + 1} / span ${h}`,
                padding: PADDING,
                border: '1px solid #ddd',
                overflow: 'hidden',
              }}
            >
              <h2 style={{ height: HEADER, margin: 0, font: '500 14px sans-serif' }}>{panel.title}</h2>
              <Boundary>
                <div style={{ ...size, position: 'relative' }}>
                  <Visualization {...{ panel, range, ...size }} />
                </div>
              </Boundary>
            </section>
          );
        })}
      </main>
    </ThemeContext.Provider>
  );
}

window.seen = seen;
const root = document.getElementById('root');
if (root === null) {
  throw new Error('no element to draw into');
}
createRoot(root).render(<Page {...window.drawing} />);
