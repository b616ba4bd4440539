/** Reports on a schedule how the error budgets stand, and what is not as declared. */
@NullMarked
package slipway.audit;

import org.jspecify.annotations.NullMarked;
