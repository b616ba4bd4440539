package slipway.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import slipway.audit.Slos.Listed;
import slipway.config.Config;
import slipway.slo.KeyAttributes;

/**
 * How much of a quota of Application Signals is used.
 *
 * @param of what has it: the account in this Region, or a service in an environment
 * @param used SLOs that exist, whoever made them
 * @param missing SLOs that are declared and do not exist yet
 * @param limit as slipway.yaml says it
 */
record Quota(String of, int used, int missing, int limit) {
  /** From here on people are warned, in percent. */
  static final int NEAR = 80;

  static final String REGION = "this account and Region";

  /**
   * The Region's quota, and that of each service that comes near it.
   *
   * @param config says how many SLOs the account and a service may have
   */
  static List<Quota> of(Config config, List<Listed> listed, List<Drift> drift) {
    var slos = config.budgets().slos();
    var perService = config.budgets().slosPerService();
    var used = new TreeMap<String, Integer>();
    for (var slo : listed)
      slo.subject()
          .filter(subject -> subject.name().isPresent())
          .ifPresent(subject -> used.merge(subject.toString(), 1, Integer::sum));
    var missing = new HashMap<String, Integer>();
    for (var it : drift)
      if (it instanceof Drift.Missing(var service, _)) missing.merge(service, 1, Integer::sum);
    var services = new HashMap<String, Integer>();
    for (var service : config.services()) {
      var subject = KeyAttributes.expected(service).toString();
      services.put(subject, missing.getOrDefault(service.name().value(), 0));
      used.putIfAbsent(subject, 0);
    }
    var quotas = new ArrayList<Quota>();
    quotas.add(
        new Quota(
            REGION,
            listed.size(),
            missing.values().stream().mapToInt(Integer::intValue).sum(),
            slos));
    used.forEach(
        (subject, many) -> {
          var quota = new Quota(subject, many, services.getOrDefault(subject, 0), perService);
          if (quota.near()) quotas.add(quota);
        });
    return List.copyOf(quotas);
  }

  /** What will be used once all is made that is declared, in percent of the limit. */
  double percent() {
    return 100.0 * (used + missing) / limit;
  }

  boolean near() {
    return percent() >= NEAR;
  }

  /** The quota's name, as Service Quotas has it for Application Signals. */
  String name() {
    return of.equals(REGION) ? "SLOs per Region" : "SLOs per service";
  }

  /** How much is used, and what to do if that is much. */
  @Override
  public String toString() {
    return "%s%s: %d of %d used%s.%s"
        .formatted(
            name(),
            of.equals(REGION) ? "" : ", " + of,
            used,
            limit,
            missing == 0 ? "" : ", " + missing + " more declared",
            near()
                ? " Ask for more in Service Quotas (CloudWatch Application Signals), then say the"
                    + " new number in slipway.yaml as budgets."
                    + (of.equals(REGION) ? "slos" : "slosPerService")
                    + "."
                : "");
  }
}
