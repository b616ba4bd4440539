package slipway.audit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import slipway.audit.Slos.Listed;
import slipway.delivery.DeliveryFigures;
import slipway.slo.Readiness;

/**
 * What an audit judges.
 *
 * @param listed all SLOs of account and Region
 * @param budgets of the stack's SLOs
 * @param burnRates by the SLO's name
 * @param ringing alarms that ring, by the SLO's name
 * @param discovered services of the configuration that Application Signals has seen in the last day
 * @param readiness for the SLOs that are missing, by service
 * @param runtimes services that sent metrics of their runtime
 * @param images that run, by service and container
 * @param deliveries by service
 */
record Reading(
    List<Listed> listed,
    List<Budget> budgets,
    Map<String, List<Burn>> burnRates,
    Map<String, List<String>> ringing,
    Set<String> discovered,
    Map<String, Readiness> readiness,
    Set<Metrics.Reported> runtimes,
    Map<String, Map<String, String>> images,
    Map<String, DeliveryFigures> deliveries) {
  Reading {
    listed = List.copyOf(listed);
    budgets = List.copyOf(budgets);
    burnRates = Map.copyOf(burnRates);
    ringing = Map.copyOf(ringing);
    discovered = Set.copyOf(discovered);
    readiness = Map.copyOf(readiness);
    runtimes = Set.copyOf(runtimes);
    images = Map.copyOf(images);
    deliveries = Map.copyOf(deliveries);
  }
}
