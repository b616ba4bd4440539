package slipway.audit;

import java.util.Optional;
import java.util.OptionalDouble;
import slipway.slo.SloShapes;
import software.amazon.awssdk.services.applicationsignals.model.BatchGetServiceLevelObjectiveBudgetReportResponse;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetReport;

/** Budget reports out of the shapes of the API. */
final class BudgetShapes {
  private BudgetShapes() {}

  /** The budget of one SLO in an answer about several. */
  static Budget budget(Owned slo, BatchGetServiceLevelObjectiveBudgetReportResponse answer) {
    for (var report : answer.reports())
      if (slo.arn().equals(report.arn())) return budget(slo, report);
    for (var error : answer.errors())
      if (slo.arn().equals(error.arn()) || slo.name().equals(error.name()))
        return Budget.unknown(
            slo, "no budget report: " + error.errorCode() + ": " + error.errorMessage());
    return Budget.unknown(slo, "no budget report: Application Signals answered nothing about it");
  }

  private static Budget budget(Owned slo, ServiceLevelObjectiveBudgetReport report) {
    var objective = SloShapes.objective(report);
    var attainment =
        report.attainment() == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(report.attainment());
    var left = left(report);
    return switch (report.budgetStatus()) {
      case OK -> new Budget(slo, Status.OK, attainment, left, objective, Optional.empty());
      case WARNING ->
          new Budget(slo, Status.WARNING, attainment, left, objective, Optional.empty());
      case BREACHED ->
          new Budget(slo, Status.EXHAUSTED, attainment, left, objective, Optional.empty());
      case INSUFFICIENT_DATA ->
          new Budget(
              slo,
              Status.NO_DATA,
              attainment,
              Optional.empty(),
              objective,
              Optional.of("not enough data yet"));
      case UNKNOWN_TO_SDK_VERSION ->
          new Budget(
              slo,
              Status.NO_DATA,
              attainment,
              Optional.empty(),
              objective,
              Optional.of("unknown budget status " + report.budgetStatusAsString()));
    };
  }

  private static Optional<Budget.Left> left(ServiceLevelObjectiveBudgetReport report) {
    if (report.budgetSecondsRemaining() != null && report.totalBudgetSeconds() != null)
      return Optional.of(
          new Budget.Left(
              Budget.Left.SECONDS, report.totalBudgetSeconds(), report.budgetSecondsRemaining()));
    if (report.budgetRequestsRemaining() != null && report.totalBudgetRequests() != null)
      return Optional.of(
          new Budget.Left(
              Budget.Left.REQUESTS,
              report.totalBudgetRequests(),
              report.budgetRequestsRemaining()));
    return Optional.empty();
  }
}
