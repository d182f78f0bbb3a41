import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backend, conditionalAll, expand, intervalOf, replaceVariables, type Choices } from './macros.js';

// The plugin's own vectors: pkg/macros/macros_test.go of grafana/clickhouse-datasource.
const RANGE = { from: new Date('2014-11-12T11:45:26.371Z'), to: new Date('2015-11-12T11:45:26.371Z') };

function service(value: string | string[]): Choices {
  return new Map([['service', { value, options: ['checkout', "o'x"] }]]);
}

describe('macros of the backend', () => {
  it('expand times to whole seconds', () => {
    assert.equal(backend('$__fromTime', RANGE), 'toDateTime(1415792726)');
    assert.equal(backend('$__toTime', RANGE), 'toDateTime(1447328726)');
    assert.equal(
      backend('WHERE $__timeFilter(at)', RANGE),
      'WHERE at >= toDateTime(1415792726) AND at <= toDateTime(1447328726)',
    );
  });

  it('expand times to milliseconds', () => {
    assert.equal(
      backend('WHERE $__timeFilter_ms(at)', RANGE),
      'WHERE at >= fromUnixTimestamp64Milli(1415792726371) AND at <= fromUnixTimestamp64Milli(1447328726371)',
    );
  });

  it('expand intervals to whole seconds', () => {
    assert.equal(backend('$__timeInterval(col)', RANGE, 20), 'toStartOfInterval(toDateTime(col), INTERVAL 20 second)');
    const hours = (count: number): number =>
      intervalOf({ from: RANGE.from, to: new Date(RANGE.from.getTime() + count * 3_600_000) });
    assert.deepEqual([1, 24, 7 * 24, 90 * 24, 365 * 24].map(hours), [60, 900, 7_200, 43_200, 86_400]);
  });

  it('expand dates of UTC', () => {
    assert.equal(backend('$__dateFilter(day)', RANGE), "day >= toDate('2014-11-12') AND day <= toDate('2015-11-12')");
  });

  it('do not fire in comments', () => {
    assert.equal(backend("SELECT '--' -- $__fromTime\n, 1 /* $__toTime */", RANGE), "SELECT '--' \n, 1 ");
  });
});

describe('variables', () => {
  it('keep the condition where something is chosen', () => {
    assert.equal(conditionalAll('$__conditionalAll(service IN (a, b), $service)', service('a')), 'service IN (a, b)');
  });

  it('drop the condition for all and for nothing', () => {
    for (const value of ['$__all', ['$__all'], '', []]) {
      assert.equal(conditionalAll('$__conditionalAll(service = 1, ${service})', service(value)), '1=1');
    }
  });

  it('refuse a format in the second argument', () => {
    assert.throws(() => conditionalAll('$__conditionalAll(a, ${service:csv})', service('a')), /not \(condition/);
  });

  it('quote and escape', () => {
    assert.equal(replaceVariables('${service:singlequote}', service(["o'x", 'a'])), "'o\\'x','a'");
  });

  it('offer every option for all', () => {
    assert.equal(replaceVariables('${service:singlequote}', service(['$__all'])), "'checkout','o\\'x'");
  });
});

describe('expansion', () => {
  it('fails on a macro that is left over', () => {
    assert.throws(() => expand('SELECT $__timeGroup(at, 5m)', service('a'), RANGE), /\$__timeGroup is left over/);
  });

  it('fails on an unknown variable', () => {
    assert.throws(() => expand('SELECT ${team:singlequote}', service('a'), RANGE), /no variable team/);
  });

  it('does not take a chosen text for a macro', () => {
    assert.equal(expand('SELECT ${service:singlequote}', service('$x'), RANGE), "SELECT '$x'");
  });
});
