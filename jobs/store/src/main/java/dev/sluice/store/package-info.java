/** ClickHouse: migrations, the rows that go in, readers of what is there; the only place with table names. */
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
