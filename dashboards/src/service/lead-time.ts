import { GraphDrawStyle, type GridPos, type Panel } from '@grafana/schema';
import { NO_CHANGES, STAGE_COLOURS } from '../dora/columns.js';
import { counts, Interval, trend } from '../panels.js';

const CUT = 'Bars stand at the first day of their period; the first and the last may be cut by the time range.';

/** Returns the graph of how many changes took how long. */
export function distribution(id: number, gridPos: GridPos): Panel {
  return counts(
    {
      id,
      title: 'Lead times of changes',
      sql: 'service/lead-time-distribution',
      gridPos,
      explanation: {
        definition: 'How the lead times of the changes of each calendar period are distributed.',
        formula: 'counted changes by lead time: below 1 hour, 1 day, 7 days, 30 days, and longer.',
        source: 'dash.changes',
        reading: `${CUT} A median hides whether all changes take days or half of them minutes: this does not.`,
      },
    },
    { name: 'changes', title: '', unit: 'none', decimals: 0, nothing: NO_CHANGES },
    'took',
    {
      'below 1 hour': '#1A7F37',
      '1 hour to 1 day': '#73BF69',
      '1 to 7 days': '#F2CC0C',
      '7 to 30 days': '#FF9830',
      '30 days or more': '#C4162A',
    },
  );
}

/** Returns the graph of the median of each stage of pull requests. */
export function stageMedians(id: number, gridPos: GridPos): Panel {
  return trend(
    {
      id,
      title: 'Stages of pull requests, medians: they do not add up',
      sql: 'service/stage-medians',
      gridPos,
      explanation: {
        definition: 'What each stage of a pull request usually takes.',
        formula: 'median (type 7) of each stage over the counted pull requests deployed in the period; n of them.',
        source: 'dash.pull_requests',
        reading:
          'Medians do not add up to the median lead time; the means beside this do to the mean. A mean far above its ' +
          'median comes from a few slow ones. The first and the last period may be cut by the time range.',
      },
    },
    GraphDrawStyle.Points,
    { name: 'value', title: '', unit: 's', decimals: 1, min: 0 },
    Interval.NONE,
    'stage',
    STAGE_COLOURS,
  );
}
