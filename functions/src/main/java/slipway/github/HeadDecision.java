package slipway.github;

import java.util.Optional;

/** What to do about a branch's head, as GitHub told it. */
sealed interface HeadDecision {

  /** Nothing: all of it was dealt with. */
  record Settled() implements HeadDecision {}

  /** Keep it for the next run: its webhook may be on its way, and starts the build. */
  record Remember() implements HeadDecision {}

  /** Find out what of it was never built: its webhook had its time. */
  record LookUp() implements HeadDecision {}

  /**
   * Decides.
   *
   * @param known what was remembered
   * @param run its name; a run that is repeated has the same, and gives a webhook no more time
   */
  static HeadDecision of(Optional<KnownHead> known, String head, String run) {
    if (known.isEmpty() || !known.get().head().equals(head)) return new Remember();
    if (known.get().settled()) return new Settled();
    return known.get().run().equals(run) ? new Remember() : new LookUp();
  }
}
