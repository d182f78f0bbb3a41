/** Changes of what is set up by the API, in the control topic, each made of what held before. */
@NullMarked
package dev.sluice.gateapi.control;

import org.jspecify.annotations.NullMarked;
