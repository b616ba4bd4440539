package slipway.rollout;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import slipway.config.Budgets.OnExhausted;
import slipway.config.Service;
import slipway.config.Slo;
import slipway.rollout.SpentBudgets.Spent;

/**
 * Spent error budgets that hold up what is pushed to a service.
 *
 * @param spent never empty
 * @param override what the message of a commit says that they do not hold up
 */
record BudgetFreeze(List<Spent> spent, String override) {
  BudgetFreeze {
    spent = List.copyOf(spent);
  }

  /**
   * Whether the service is held up, and by what. An SLO that is not declared any more holds up
   * nothing: no audit will see its budget recover.
   *
   * @param known what the last audit found
   */
  static Optional<BudgetFreeze> of(Service service, String override, List<Spent> known) {
    var declared = service.slos().stream().map(Slo::name).collect(Collectors.toSet());
    var spent = known.stream().filter(it -> declared.contains(it.slo())).toList();
    return service.onExhausted() == OnExhausted.FREEZE && !spent.isEmpty()
        ? Optional.of(new BudgetFreeze(spent, override))
        : Optional.empty();
  }

  /** Such as: the error budget of SLO 'x' is spent. */
  String what() {
    return "the error %s of SLO%s %s %s spent"
        .formatted(
            spent.size() == 1 ? "budget" : "budgets",
            spent.size() == 1 ? "" : "s",
            spent.stream().map(it -> "'" + it.slo() + "'").collect(Collectors.joining(", ")),
            spent.size() == 1 ? "is" : "are");
  }

  /** For whoever waits: since when, and how to go on all the same. */
  String text() {
    return "frozen: %s since %s; a fix whose commit message says %s rolls out all the same"
        .formatted(
            what(),
            spent.stream().map(Spent::since).min(Comparator.naturalOrder()).orElseThrow(),
            override);
  }
}
