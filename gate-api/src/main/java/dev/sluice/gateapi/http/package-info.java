/** HTTP as all parts share it: routes with their verbs, bodies within limits, problems as answers. */
@NullMarked
package dev.sluice.gateapi.http;

import org.jspecify.annotations.NullMarked;
