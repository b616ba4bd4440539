package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import slipway.slo.Objective.Difference;

/**
 * What an audit found.
 *
 * @param why who asked: {@code scheduled}, or an operator's word
 * @param slos by service and name
 */
record AuditReport(
    Instant at,
    String stack,
    String why,
    List<Entry> slos,
    List<Drift> drift,
    List<Transition> changes) {

  /**
   * What was last known of an SLO that had data.
   *
   * @param since the audit that saw it first
   */
  record Known(Status status, Instant since) {
    Known {
      if (status == Status.NO_DATA)
        throw new IllegalArgumentException("'no data' is nothing known");
    }
  }

  /**
   * One SLO.
   *
   * @param known survives times without data
   */
  record Entry(Budget budget, Optional<Known> known) {}

  /** A change of state worth telling; {@code from} is empty for an SLO seen for the first time. */
  record Transition(Budget budget, Optional<Status> from) {
    /** In people's words: coming back to ok is called recovered. */
    @Override
    public String toString() {
      return from.map(Status::toString).orElse("new")
          + " -> "
          + (budget.status() == Status.OK ? "recovered" : budget.status());
    }
  }

  /** A point in which what exists is not what is declared. */
  sealed interface Drift {
    String service();

    String name();

    /** Declared, but does not exist. */
    record Missing(String service, String name) implements Drift {}

    /** Exists with the stack's tags, but is not declared. */
    record Undeclared(String service, String name) implements Drift {}

    /** Exists, but says something else. */
    record Differs(String service, String name, List<Difference> differences) implements Drift {
      public Differs {
        differences = List.copyOf(differences);
      }
    }
  }

  AuditReport {
    slos = List.copyOf(slos);
    drift = List.copyOf(drift);
    changes = List.copyOf(changes);
  }

  /** How many SLOs are in that state. */
  long count(Status status) {
    return slos.stream().filter(entry -> entry.budget().status() == status).count();
  }

  /** One line: how all stand. */
  String summary() {
    return "%s: %d ok, %d warning, %d exhausted, %d without data; %s from slipway.yaml"
        .formatted(
            slos.size() == 1 ? "1 SLO" : slos.size() + " SLOs",
            count(Status.OK),
            count(Status.WARNING),
            count(Status.EXHAUSTED),
            count(Status.NO_DATA),
            drift.size() == 1 ? "1 difference" : drift.size() + " differences");
  }
}
