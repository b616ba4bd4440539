package slipway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.slo.Checklist;
import slipway.slo.KeyAttributes;
import slipway.slo.Objective;
import slipway.slo.Readiness;

/**
 * What is done about the differences of one service.
 *
 * @param asked when a sync of its SLOs was last asked for because of these very differences
 * @param of the differences
 * @param waits for what, if for anything
 */
record Repair(
    String service, Step step, Optional<Instant> asked, List<String> of, Optional<String> waits) {
  /**
   * A sync that cannot do it tells so itself, after half an hour of trying: asking for it every
   * hour would make that the same alarm every hour.
   */
  static final Duration AGAIN = Duration.ofDays(1);

  /** How far it is. */
  enum Step {
    /** A sync is asked for now. */
    ASKED("asked"),
    /** A sync was asked for already, less than a day ago. */
    PENDING("pending"),
    /** What is missing can be made once telemetry has come. */
    WAITING("waiting"),
    /** The service is not in slipway.yaml, so nobody syncs its SLOs: delete them. */
    BY_HAND("by hand");

    private final String text;

    Step(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  Repair {
    of = List.copyOf(of);
  }

  /**
   * Decides for each service that differs, in order of their names.
   *
   * @param readiness for the SLOs that are missing, by service
   * @param before what the last audit did
   */
  static List<Repair> of(
      Config config,
      List<Drift> drift,
      Map<String, Readiness> readiness,
      List<Repair> before,
      Instant now) {
    var services = new TreeMap<String, List<Drift>>();
    for (var it : drift) services.computeIfAbsent(it.service(), _ -> new ArrayList<>()).add(it);
    var declared = config.services().stream().map(it -> it.name().value()).toList();
    var repairs = new ArrayList<Repair>();
    services.forEach(
        (service, its) -> {
          var of = its.stream().map(Drift::toString).toList();
          var last =
              before.stream()
                  .filter(it -> it.service().equals(service) && it.of().equals(of))
                  .flatMap(it -> it.asked().stream())
                  .filter(asked -> asked.plus(AGAIN).isAfter(now))
                  .findFirst();
          repairs.add(
              !declared.contains(service)
                  ? new Repair(service, Step.BY_HAND, Optional.empty(), of, Optional.empty())
                  : waits(config, its, readiness)
                      ? new Repair(
                          service,
                          Step.WAITING,
                          Optional.empty(),
                          of,
                          Optional.of(Checklist.reason(readiness.get(service))))
                      : last.isPresent()
                          ? new Repair(service, Step.PENDING, last, of, Optional.empty())
                          : new Repair(
                              service, Step.ASKED, Optional.of(now), of, Optional.empty()));
        });
    return List.copyOf(repairs);
  }

  /** Whether all that differs is missing, and can be made only once more has been seen. */
  private static boolean waits(Config config, List<Drift> drift, Map<String, Readiness> readiness) {
    var service = config.service(new ServiceName(drift.getFirst().service())).orElseThrow();
    var ready = readiness.get(service.name().value());
    return ready != null
        && drift.stream()
            .allMatch(
                it ->
                    it instanceof Drift.Missing(_, var name)
                        && service.slos().stream()
                            .filter(slo -> slo.name().equals(name))
                            .map(slo -> Objective.declared(slo, KeyAttributes.expected(service)))
                            .noneMatch(ready::allows));
  }

  /** Whose SLOs shall be synced. */
  Optional<ServiceName> request() {
    return step == Step.ASKED ? Optional.of(new ServiceName(service)) : Optional.empty();
  }

  /** What is done, in a sentence. */
  @Override
  public String toString() {
    return switch (step) {
      case ASKED -> "A sync of its SLOs is asked for now.";
      case PENDING ->
          "A sync of its SLOs was asked for at %s; if this stays, again after a day."
              .formatted(asked.orElseThrow());
      case WAITING ->
          "Made once it can be measured. %s.".formatted(waits.orElse("Telemetry is missing"));
      case BY_HAND ->
          "The service is not in slipway.yaml: delete its SLOs (aws application-signals"
              + " delete-service-level-objective --id …), or declare it.";
    };
  }
}
