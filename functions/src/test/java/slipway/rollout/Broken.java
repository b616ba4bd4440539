package slipway.rollout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rule of the design that a simulation breaks, to see whether its laws notice. */
enum Broken {
  NOTHING,
  /** Fingerprints decide: those of revisions and of the ledger are not seen. */
  RULE_3,
  /** A failed fingerprint is quarantined: that is not seen. */
  RULE_4,
  /** A spent budget holds up what is pushed: that is not seen. */
  BUDGETS,
  /** One at a time per service: the queue hands out a group's messages side by side. */
  RULE_5;

  private static final String UNSEEN = "unseen-fingerprint";

  boolean parallel() {
    return this == RULE_5;
  }

  /** What the deployer sees of an answer. */
  @Nullable Object seen(@Nullable Object answer) {
    return switch (this) {
      case NOTHING, RULE_5 -> answer;
      case RULE_3 ->
          switch (answer) {
            case Ledger.Reading it ->
                new Ledger.Reading(unseen(it.state()), it.quarantined(), it.release());
            case Optional<?> it
                when it.isPresent() && it.get() instanceof TaskDefinition definition ->
                Optional.of(definition.tagged(Map.of(TaskDefinition.FINGERPRINT, UNSEEN)));
            case null, default -> answer;
          };
      case BUDGETS ->
          answer instanceof Ledger.Reading it
              ? new Ledger.Reading(it.state().spent(List.of()), it.quarantined(), it.release())
              : answer;
      case RULE_4 ->
          answer instanceof Ledger.Reading it
              ? new Ledger.Reading(it.state(), Optional.empty(), it.release())
              : answer;
    };
  }

  private static ServiceState unseen(ServiceState it) {
    return new ServiceState(
        it.running().map(Broken::unseen),
        it.latest().map(Broken::unseen),
        it.pinned(),
        it.frozen(),
        it.said(),
        it.spent());
  }

  private static Rollout unseen(Rollout it) {
    return new Rollout(
        it.id(),
        it.service(),
        it.deployment(),
        it.from(),
        it.to(),
        UNSEEN,
        it.images(),
        it.commits(),
        it.author(),
        it.pushedAt(),
        it.cause(),
        it.why(),
        it.announced(),
        it.status(),
        it.startedAt(),
        it.endedAt(),
        it.reason(),
        it.runs(),
        it.restoredAt());
  }
}
