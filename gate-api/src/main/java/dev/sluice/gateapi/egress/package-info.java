/** What Sluice sends to URLs that a person or a payload has given: never to the inside, unless the operator says so. */
@NullMarked
package dev.sluice.gateapi.egress;

import org.jspecify.annotations.NullMarked;
