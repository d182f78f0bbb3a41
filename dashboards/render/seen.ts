import type { Seen } from '../check/drawing.js';

/** The texts that are written on each canvas. */
const texts = new WeakMap<HTMLCanvasElement, Set<string>>();

const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  texts.set(this.canvas, (texts.get(this.canvas) ?? new Set()).add(text));
  fillText.call(this, text, ...place);
};

/** Returns what is to be seen of a panel. */
export function seen(panel: number): Seen {
  const section = document.querySelector(`[data-panel="${panel}"]`);
  if (!(section instanceof HTMLElement)) {
    throw new Error(`no panel ${panel}`);
  }
  const canvas = section.querySelector('canvas');
  const pixels = canvas === null ? new Map<string, number>() : pixelsOf(canvas);
  const legend = [...section.querySelectorAll('[data-testid^="data-testid VizLegend series"]')].map((item) => ({
    name: item.textContent ?? '',
    colour: colourOf(item),
  }));
  return {
    error: section.querySelector('[data-error]')?.textContent ?? undefined,
    text: section.innerText,
    header: textsOf(section, '[role="columnheader"]'),
    rows: [...section.querySelectorAll('[role="row"]')]
      .map((row) => textsOf(row, '[role="gridcell"]'))
      .filter((cells) => cells.length > 0),
    legend: legend.map(({ name, colour }) => ({ name, pixels: like(colour, pixels) })),
    strange: total(
      pixels,
      (pixel) => pixel[3] === 255 && isColoured(pixel) && !legend.some(({ colour }) => isLike(colour, pixel, 40)),
    ),
    area: total(pixels, ([, , , opacity = 0]) => opacity >= 30 && opacity <= 45),
    axes: canvas === null ? [] : [...(texts.get(canvas) ?? [])],
  };
}

function textsOf(element: Element, selector: string): string[] {
  return [...element.querySelectorAll(selector)].map((found) => (found as HTMLElement).innerText.trim());
}

/** Returns how many pixels have each colour: red, green, blue and opacity from 0 to 255. */
function pixelsOf(canvas: HTMLCanvasElement): Map<string, number> {
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
  const found = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = `${data[at]},${data[at + 1]},${data[at + 2]},${data[at + 3]}`;
    found.set(colour, (found.get(colour) ?? 0) + 1);
  }
  return found;
}

/** Returns how many pixels have a colour, or almost: edges and bars let the background through. */
function like(colour: readonly number[], pixels: ReadonlyMap<string, number>): number {
  return total(pixels, (pixel) => (pixel[3] ?? 0) > 128 && isLike(colour, pixel, 3));
}

function isLike(colour: readonly number[], pixel: readonly number[], most: number): boolean {
  return colour.every((part, at) => Math.abs(part - (pixel[at] ?? 0)) <= most);
}

function isColoured([red = 0, green = 0, blue = 0]: readonly number[]): boolean {
  return Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
}

function total(pixels: ReadonlyMap<string, number>, wanted: (pixel: number[]) => boolean): number {
  return [...pixels].reduce((sum, [pixel, count]) => sum + (wanted(pixel.split(',').map(Number)) ? count : 0), 0);
}

/** Returns the colour of the mark of a series in the legend. */
function colourOf(item: Element): number[] {
  const styles = [...item.querySelectorAll('*')].map((each) => getComputedStyle(each).background);
  const found = styles.map((style) => /rgb\((\d+), (\d+), (\d+)\)/.exec(style)).find((match) => match !== null);
  return (found ?? []).slice(1).map(Number);
}
