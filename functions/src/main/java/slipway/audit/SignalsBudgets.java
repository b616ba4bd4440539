package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.slo.Ownership;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;
import software.amazon.awssdk.services.applicationsignals.model.Tag;

/** Error budgets in CloudWatch Application Signals. */
final class SignalsBudgets implements Budgets {
  /** The service's model: at most this many SLOs in a budget report. */
  static final int BATCH = 50;

  private final ApplicationSignalsClient client;

  SignalsBudgets(ApplicationSignalsClient client) {
    this.client = client;
  }

  @Override
  public Stream<Owned> owned(String stack) {
    return client.listServiceLevelObjectivesPaginator(list -> list.maxResults(50)).stream()
        .flatMap(page -> page.sloSummaries().stream())
        .flatMap(
            summary ->
                ownerOf(summary.arn())
                    .filter(owner -> owner.stack().equals(stack))
                    .map(owner -> new Owned(summary.arn(), summary.name(), owner.service()))
                    .stream());
  }

  @Override
  public List<Budget> read(List<Owned> slos, Instant at) {
    if (slos.isEmpty()) return List.of();
    var answer =
        client.batchGetServiceLevelObjectiveBudgetReport(
            batch -> batch.timestamp(at).sloIds(slos.stream().map(Owned::arn).toList()));
    return slos.stream().map(slo -> BudgetShapes.budget(slo, answer)).toList();
  }

  /** The cheapest read that walks the whole path to the API. */
  void touch() {
    client.listServiceLevelObjectives(list -> list.maxResults(1));
  }

  private Optional<Ownership> ownerOf(String arn) {
    try {
      return Ownership.of(
          client.listTagsForResource(list -> list.resourceArn(arn)).tags().stream()
              .collect(Collectors.toMap(Tag::key, Tag::value)));
    } catch (ResourceNotFoundException _) {
      // Deleted since it was listed.
      return Optional.empty();
    }
  }
}
