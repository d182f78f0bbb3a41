/** Configuration files, read strictly: every problem is found at once and says where it is. */
@NullMarked
package dev.sluice.gateapi.config;

import org.jspecify.annotations.NullMarked;
