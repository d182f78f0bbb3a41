import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** Reports what failed or was skipped, and the totals at the end; a suite that failed only because of its tests is not reported. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type === 'test:fail') {
      const { name, file, line, details } = event.data;
      const error = details.error as Error & { failureType?: string };
      if (error.failureType !== 'subtestsFailed') {
        yield `not ok - ${name} (${file ?? '?'}:${line ?? '?'})\n${inspect(error.cause ?? error)}\n`;
      }
    } else if (event.type === 'test:pass' && event.data.skip !== undefined) {
      yield `skipped - ${event.data.name}: ${event.data.skip}\n`;
    } else if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      yield event.data.message;
    } else if (event.type === 'test:diagnostic' && event.data.nesting === 0) {
      yield `# ${event.data.message}\n`;
    }
  }
}
