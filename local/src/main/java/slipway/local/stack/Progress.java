package slipway.local.stack;

import java.time.Duration;
import java.util.Optional;

/**
 * A resource that was brought to where the template wants it, or could not be.
 *
 * @param failure why not; empty: it is done
 */
public record Progress(
    Action action, String logicalId, String type, Duration took, Optional<String> failure) {

  /** What is done with a resource. */
  public enum Action {
    MADE,
    CHANGED,
    /** Another one is made in its place; the old one's end is an action of its own. */
    REPLACED,
    DELETED,
    /** A change is taken back, because something else failed. */
    PUT_BACK
  }
}
