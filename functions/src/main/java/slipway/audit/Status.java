package slipway.audit;

import java.util.Arrays;
import java.util.Optional;

/** How an SLO's error budget stands. */
enum Status {
  OK("ok"),
  /** Less is left than the SLO's warning threshold. */
  WARNING("warning"),
  /** Nothing is left. */
  EXHAUSTED("exhausted"),
  /** Nothing can be said, neither good nor bad. */
  NO_DATA("no data");

  private final String text;

  Status(String text) {
    this.text = text;
  }

  /** The status of that {@link #toString text}. */
  static Optional<Status> of(String text) {
    return Arrays.stream(values()).filter(status -> status.text.equals(text)).findFirst();
  }

  /** How much it needs a look: the lower, the more. */
  int rank() {
    return switch (this) {
      case EXHAUSTED -> 0;
      case WARNING -> 1;
      case NO_DATA -> 2;
      case OK -> 3;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
