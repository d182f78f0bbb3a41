import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { projectFile } from '../src/files.js';

/** A value as `JSONCompact` writes it; numbers of 64 bits are texts. */
export type Cell = string | number | boolean | null | readonly Cell[];

export type Result = { columns: { name: string; type: string }[]; rows: Cell[][] };

/** The engine of the embedded ClickHouse server, in this process and on a directory of its own. */
export class ClickHouse {
  readonly #directory = mkdtempSync(join(tmpdir(), 'sluice-dashboards-'));
  readonly #session = new Session(this.#directory);

  /** Returns an engine with the database of Sluice, empty. */
  static migrated(): ClickHouse {
    const clickHouse = new ClickHouse();
    for (const statement of migrations()) {
      clickHouse.command(statement);
    }
    return clickHouse;
  }

  /** Runs one statement without a result. */
  command(sql: string): void {
    this.#session.query(sql);
  }

  /** Runs one statement; throws with the engine's message if it is refused. */
  query(sql: string): Result {
    const text = this.#session.query(sql, 'JSONCompact');
    const { meta, data } = JSON.parse(text) as { meta: Result['columns']; data: Cell[][] };
    return { columns: meta, rows: data };
  }

  /** Adds rows to a table; columns that a row does not name take their default. */
  insert(table: string, rows: readonly object[]): void {
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    this.#session.query(
      `INSERT INTO ${table} SETTINGS date_time_input_format = 'best_effort' FORMAT JSONEachRow ${lines}`,
    );
  }

  close(): void {
    this.#session.cleanup();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Returns the statements of the migrations, in order. */
export function migrations(): string[] {
  const directory = '../schemas/clickhouse';
  return readFileSync(projectFile(`${directory}/migrations.list`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((file) => statements(readFileSync(projectFile(`${directory}/${file.trim()}`), 'utf8')));
}

function statements(script: string): string[] {
  const pieces = script.match(/'(?:[^'\\]|\\.|'')*'|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^'`;/-]+|./g) ?? [];
  const found: string[] = [];
  let statement = '';
  for (const piece of pieces) {
    if (piece === ';') {
      found.push(statement.trim());
      statement = '';
    } else if (!piece.startsWith('--') && !piece.startsWith('/*')) {
      statement += piece;
    }
  }
  if (statement.trim() !== '') {
    throw new Error(`no semicolon after: ${statement.trim()}`);
  }
  return found;
}
