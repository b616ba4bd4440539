/** GitHub's side: pushes come in as signed webhooks, news goes out as statuses on commits. */
@NullMarked
package slipway.github;

import org.jspecify.annotations.NullMarked;
