package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import slipway.slo.KeyAttributes;
import slipway.slo.Ownership;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveSummary;
import software.amazon.awssdk.services.applicationsignals.model.Tag;

/** SLOs in CloudWatch Application Signals. */
final class SignalsSlos implements Slos {
  private final ApplicationSignalsClient client;

  SignalsSlos(ApplicationSignalsClient client) {
    this.client = client;
  }

  @Override
  public Page list(Optional<String> page) {
    var answer =
        client.listServiceLevelObjectives(
            list -> list.maxResults(BATCH).nextToken(page.orElse(null)));
    return new Page(
        answer.sloSummaries().stream().map(SignalsSlos::listed).toList(),
        Optional.ofNullable(answer.nextToken()));
  }

  private static Listed listed(ServiceLevelObjectiveSummary summary) {
    return new Listed(
        summary.arn(),
        summary.name(),
        summary.keyAttributes().isEmpty()
            ? Optional.empty()
            : Optional.of(new KeyAttributes(summary.keyAttributes())),
        summary.createdTime() == null ? Instant.EPOCH : summary.createdTime());
  }

  @Override
  public Optional<Ownership> owner(String arn) {
    try {
      return Ownership.of(
          client.listTagsForResource(list -> list.resourceArn(arn)).tags().stream()
              .collect(Collectors.toMap(Tag::key, Tag::value)));
    } catch (ResourceNotFoundException _) {
      // Deleted since it was listed.
      return Optional.empty();
    }
  }

  @Override
  public List<Budget> budgets(List<Owned> slos, Instant at) {
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
}
