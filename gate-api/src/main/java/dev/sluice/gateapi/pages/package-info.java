/** Pages on which people see what the API knows of gates, and do by forms what it does: one class for each. */
@NullMarked
package dev.sluice.gateapi.pages;

import org.jspecify.annotations.NullMarked;
