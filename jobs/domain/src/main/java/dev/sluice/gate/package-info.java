/** Gates: whether a service may go on to an environment, judged by policies over its delivery metrics. */
@NullMarked
package dev.sluice.gate;

import org.jspecify.annotations.NullMarked;
