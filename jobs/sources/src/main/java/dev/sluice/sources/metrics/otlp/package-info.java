/** The bodies of metrics exports of OpenTelemetry (OTLP/HTTP), as protobuf and as JSON, read as series. */
@NullMarked
package dev.sluice.sources.metrics.otlp;

import org.jspecify.annotations.NullMarked;
