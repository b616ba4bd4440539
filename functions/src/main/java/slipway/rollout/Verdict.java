package slipway.rollout;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What comes of a directive. Texts are for the person who gave it. */
sealed interface Verdict {

  /**
   * It is to be recorded.
   *
   * @param what it is, as history keeps it, such as {@code frozen}
   * @param before how it was
   * @param next what happens now
   * @param takesBack id of the rollout that it goes back from
   * @param undo the request that takes it back
   */
  record Accepted(
      Write write,
      String what,
      String before,
      String next,
      Optional<String> takesBack,
      Map<String, Object> undo)
      implements Verdict {
    /** That takes no rollout back. */
    Accepted(Write write, String what, String before, String next, Map<String, Object> undo) {
      this(write, what, before, next, Optional.empty(), undo);
    }
  }

  /** It is so already. */
  record Already(String text) implements Verdict {}

  /**
   * It cannot be.
   *
   * @param pinnable ids of rollouts that can be pinned, newest first
   */
  record Refused(String text, List<String> pinnable) implements Verdict {
    public Refused {
      pinnable = List.copyOf(pinnable);
    }
  }

  /** How a service's state changes. */
  sealed interface Write {
    /** To a rollout; or away with the pin. */
    record Pinned(Optional<Rollout> rollout) implements Write {}

    record Frozen(boolean frozen) implements Write {}
  }
}
