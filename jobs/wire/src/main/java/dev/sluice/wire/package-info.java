/** What travels between processes: topics, keys, headers, and the JSON of every record. */
@NullMarked
package dev.sluice.wire;

import org.jspecify.annotations.NullMarked;
