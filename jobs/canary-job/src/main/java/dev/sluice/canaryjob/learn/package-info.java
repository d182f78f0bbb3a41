/** Learn: keeps what the baselines of saved configs do between runs. */
@NullMarked
package dev.sluice.canaryjob.learn;

import org.jspecify.annotations.NullMarked;
