/**
 * Brings what runs to what should run: reconcile, its facts and effects, and what ECS's deployments
 * came to.
 */
@NullMarked
package slipway.rollout;

import org.jspecify.annotations.NullMarked;
