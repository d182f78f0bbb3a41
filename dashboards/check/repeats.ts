import type { Panel } from '@grafana/schema';
import { OPTIONS } from './choices.js';

/** A panel as it stands on the page. */
export type Placed = {
  panel: Panel;
  /** The panel of the dashboard that it is of. */
  of: Panel;
  /** What is chosen for it alone. */
  chosen: Record<string, string>;
};

const COLUMNS = 24;

/** Returns the panels where Grafana puts them: one that is repeated, once for each value, and what is below moved down. */
export function placed(panels: readonly Panel[]): Placed[] {
  let found = panels.map((panel): Placed => ({ panel, of: panel, chosen: {} }));
  for (const repeated of panels.filter(({ repeat }) => repeat !== undefined)) {
    const values = OPTIONS.get(repeated.repeat ?? '')?.options ?? [];
    const perRow = Math.min(values.length, repeated.maxPerRow ?? values.length);
    const { gridPos } = found.find(({ of }) => of === repeated)?.panel ?? repeated;
    const { y, h } = gridPos ?? { y: 0, h: 0 };
    const more = (Math.ceil(values.length / perRow) - 1) * h;
    found = found.flatMap((each) => {
      if (each.of === repeated) {
        return values.map((value, at) => {
          const place = { x: (at % perRow) * (COLUMNS / perRow), y: y + Math.floor(at / perRow) * h };
          return clone(repeated, at, { ...place, w: COLUMNS / perRow, h }, value);
        });
      }
      const own = each.panel.gridPos;
      return [own !== undefined && own.y >= y + h ? moved(each, own.y + more) : each];
    });
  }
  return found;
}

function clone(of: Panel, at: number, gridPos: NonNullable<Panel['gridPos']>, value: string): Placed {
  return { panel: { ...of, id: (of.id ?? 0) * 1000 + at, gridPos }, of, chosen: { [of.repeat ?? '']: value } };
}

function moved(placed: Placed, y: number): Placed {
  const { gridPos } = placed.panel;
  return gridPos === undefined ? placed : { ...placed, panel: { ...placed.panel, gridPos: { ...gridPos, y } } };
}
