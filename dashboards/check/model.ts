import { readdirSync, readFileSync } from 'node:fs';
import type { AnnotationQuery, Dashboard, Panel, RowPanel, VariableModel } from '@grafana/schema';
import type { ClickHouseTarget } from '../src/query.js';
import { projectFile } from '../src/files.js';

/** A dashboard as it is committed: what Grafana will read. */
export type DashboardFile = { file: string; text: string; dashboard: Dashboard };

/** Returns every committed dashboard. */
export function dashboardFiles(): DashboardFile[] {
  return readdirSync(projectFile(''))
    .filter((name) => name.startsWith('sluice-') && name.endsWith('.json'))
    .sort()
    .map((file) => {
      const text = readFileSync(projectFile(file), 'utf8');
      return { file, text, dashboard: JSON.parse(text) as Dashboard };
    });
}

/** Whether a panel is a row, which may hold others. */
export function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === 'row';
}

/** Returns the panels that show something, also those in closed rows. */
export function panels(dashboard: Dashboard): Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => (isRow(panel) ? panel.panels : [panel]));
}

export function variables(dashboard: Dashboard): VariableModel[] {
  return dashboard.templating?.list ?? [];
}

export function annotations(dashboard: Dashboard): AnnotationQuery[] {
  return dashboard.annotations?.list ?? [];
}

export function targets(panel: Panel): ClickHouseTarget[] {
  return (panel.targets ?? []) as ClickHouseTarget[];
}

/** A statement of a dashboard and where it stands. */
export type Statement = {
  where: string;
  kind: 'panel' | 'variable' | 'annotation';
  sql: string;
  panel?: Panel;
  /** Whether the dashboard shows one service, and never all. */
  ofOneService: boolean;
};

/** Returns every statement of panels, variables and annotations. */
export function statements(dashboard: Dashboard): Statement[] {
  const ofOneService = variables(dashboard).some(({ name, includeAll }) => name === 'service' && includeAll === false);
  const ofPanels = panels(dashboard).flatMap((panel) =>
    targets(panel).map(
      (target): Statement => ({
        where: `panel ${panel.id} ${panel.title}`,
        kind: 'panel',
        sql: target.rawSql,
        panel,
        ofOneService,
      }),
    ),
  );
  const ofVariables = variables(dashboard)
    .filter((variable) => variable.type === 'query')
    .map(
      (variable): Statement => ({
        where: `variable ${variable.name} of ${dashboard.uid}`,
        kind: 'variable',
        sql: (variable.query as { rawSql: string }).rawSql,
        ofOneService,
      }),
    );
  const ofAnnotations = annotations(dashboard).map(
    (annotation): Statement => ({
      where: `annotation ${annotation.name}`,
      kind: 'annotation',
      sql: (annotation.target as unknown as ClickHouseTarget).rawSql,
      ofOneService,
    }),
  );
  return [...ofPanels, ...ofVariables, ...ofAnnotations];
}

/** Returns the views of `dash` that a statement reads. */
export function viewsRead(sql: string): string[] {
  return [...new Set([...sql.matchAll(/\b(?:FROM|(?<!ARRAY )JOIN)\s+([\w.]+)/g)].map((match) => match[1] ?? ''))];
}
