/**
 * Spinnaker Kayenta's judge, as its users know it: the same labels and scores from the same values and the same config. It is
 * here so that who has Kayenta's configs can go on with them; {@code dev.sluice.canary} judges by other rules.
 */
@NullMarked
package dev.sluice.kayenta;

import org.jspecify.annotations.NullMarked;
