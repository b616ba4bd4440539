package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import slipway.audit.AuditReport.Known;

/**
 * What the last audit knew, which this one compares with.
 *
 * @param at when it was, if there was one
 * @param known of SLOs that had data once, by their names
 * @param figures of SLOs that had data then, by their names
 * @param repairs what it did about differences
 * @param near what came near its quota then
 */
record Before(
    Optional<Instant> at,
    Map<String, Known> known,
    Map<String, Figure> figures,
    List<Repair> repairs,
    Set<String> near) {
  static final Before NOTHING =
      new Before(Optional.empty(), Map.of(), Map.of(), List.of(), Set.of());

  /** How a budget stood: what was left, and the attainment, in percent. */
  record Figure(double left, OptionalDouble attainment) {}

  Before {
    known = Map.copyOf(known);
    figures = Map.copyOf(figures);
    repairs = List.copyOf(repairs);
    near = Set.copyOf(near);
  }
}
