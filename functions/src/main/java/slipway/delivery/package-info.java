/** How well a service is delivered: the four figures of DORA, from its history of rollouts. */
@NullMarked
package slipway.delivery;

import org.jspecify.annotations.NullMarked;
