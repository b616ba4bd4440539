package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import slipway.delivery.DeliveryFigures;

/**
 * What an audit found.
 *
 * @param why who asked: {@code scheduled}, or an operator's word
 * @param slos by service and name
 * @param repairs of what differs, by service
 * @param telemetry of each service of the configuration
 * @param quotas of the account, and of services that come near theirs
 * @param freezes of services that a spent budget stops
 * @param deliveries of the services that were rolled out
 * @param changes of state since the last audit
 * @param reached those of the quotas that came near since the last audit
 */
record AuditReport(
    Instant at,
    String stack,
    String why,
    List<Entry> slos,
    List<Drift> drift,
    List<Repair> repairs,
    List<Telemetry> telemetry,
    List<Quota> quotas,
    List<Freeze> freezes,
    List<Delivery> deliveries,
    List<Transition> changes,
    List<Quota> reached) {

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
   * How it went since the last audit.
   *
   * @param since when that was
   * @param left difference of the budget left, in percent of the budget
   * @param attainment difference in percent
   */
  record Trend(Instant since, double left, double attainment) {}

  /**
   * One SLO.
   *
   * @param known survives times without data
   * @param trend none without data then and now
   * @param burn by window, the shortest first; none without data
   * @param ringing names of its burn-rate alarms that ring
   * @param spentBy when the budget will be spent if it goes on like now; none if it lasts
   */
  record Entry(
      Budget budget,
      Optional<Known> known,
      Optional<Trend> trend,
      List<Burn> burn,
      List<String> ringing,
      Optional<Instant> spentBy) {
    Entry {
      burn = List.copyOf(burn);
      ringing = List.copyOf(ringing);
    }

    String service() {
      return budget.slo().service();
    }

    String name() {
      return budget.slo().name();
    }
  }

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

  /**
   * Nothing that is pushed to a service rolls out.
   *
   * @param slos whose error budget is spent
   * @param override what the message of a commit says that rolls out all the same
   */
  record Freeze(String service, List<String> slos, String override) {
    Freeze {
      slos = List.copyOf(slos);
    }

    @Override
    public String toString() {
      return "rollouts are frozen until %s %s back; a commit whose message says %s rolls out all the same"
          .formatted(
              slos.stream()
                  .map("the error budget of '%s'"::formatted)
                  .collect(Collectors.joining(" and ")),
              slos.size() == 1 ? "is" : "are",
              override);
    }
  }

  /** How a service is delivered. */
  record Delivery(String service, DeliveryFigures figures) {}

  AuditReport {
    slos = List.copyOf(slos);
    drift = List.copyOf(drift);
    repairs = List.copyOf(repairs);
    telemetry = List.copyOf(telemetry);
    quotas = List.copyOf(quotas);
    freezes = List.copyOf(freezes);
    deliveries = List.copyOf(deliveries);
    changes = List.copyOf(changes);
    reached = List.copyOf(reached);
  }

  /** Whether anything is worth telling people: what was told before is not. */
  boolean news() {
    return !changes.isEmpty() || !reached.isEmpty();
  }

  /** How many SLOs are in that state. */
  long count(Status status) {
    return slos.stream().filter(entry -> entry.budget().status() == status).count();
  }

  /** One line: how all stand. */
  String summary() {
    return "%s: %d ok, %d warning, %d exhausted, %d without data; %s from slipway.yaml"
        .formatted(
            Figures.count(slos.size(), "SLO"),
            count(Status.OK),
            count(Status.WARNING),
            count(Status.EXHAUSTED),
            count(Status.NO_DATA),
            Figures.count(drift.size(), "difference"));
  }
}
