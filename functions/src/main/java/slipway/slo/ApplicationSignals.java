package slipway.slo;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ConflictException;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveSummary;
import software.amazon.awssdk.services.applicationsignals.model.Tag;

/**
 * CloudWatch Application Signals. Lists are read page by page, as far as their reader goes, and not
 * beyond {@link #MOST_PAGES}.
 */
public final class ApplicationSignals implements Catalog, Objectives {
  /** A list that never ends is a fault; 1,000 pages are 50,000 SLOs. */
  private static final int MOST_PAGES = 1000;

  /** The console's: a service without traffic in this time is not there. */
  private static final Duration LOOK_BACK = Duration.ofHours(24);

  private final ApplicationSignalsClient client;
  private final Clock clock;

  public ApplicationSignals(ApplicationSignalsClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public Stream<KeyAttributes> services() {
    var now = clock.instant();
    return pages(
            client.listServicesPaginator(
                list -> list.startTime(now.minus(LOOK_BACK)).endTime(now).maxResults(100)))
        .flatMap(page -> page.serviceSummaries().stream())
        .filter(summary -> !summary.keyAttributes().isEmpty())
        .map(summary -> new KeyAttributes(summary.keyAttributes()));
  }

  @Override
  public Set<String> operations(KeyAttributes service) {
    var now = clock.instant();
    return pages(
            client.listServiceOperationsPaginator(
                list ->
                    list.startTime(now.minus(LOOK_BACK))
                        .endTime(now)
                        .keyAttributes(service.values())
                        .maxResults(100)))
        .flatMap(page -> page.serviceOperations().stream())
        .map(operation -> operation.name())
        .collect(Collectors.toSet());
  }

  /**
   * Only SLOs that can be the owner's are asked for their tags, as the API allows five such
   * questions a second: those on a service of that name in any environment, and those of these
   * names.
   */
  @Override
  public List<Existing> of(Ownership owner, Set<String> names) {
    var found = new ArrayList<Existing>();
    summaries()
        .filter(
            summary ->
                names.contains(summary.name())
                    || owner.service().equals(summary.keyAttributes().get("Name")))
        .filter(summary -> ownerOf(summary.arn()).equals(Optional.of(owner)))
        .forEach(summary -> find(summary.name()).ifPresent(found::add));
    return List.copyOf(found);
  }

  @Override
  public Optional<Existing> find(String name) {
    try {
      var slo = client.getServiceLevelObjective(get -> get.id(name)).slo();
      return Optional.of(new Existing(slo.arn(), ownerOf(slo.arn()), SloShapes.objective(slo)));
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  @Override
  public boolean create(Objective objective, Ownership owner) {
    var tags =
        owner.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    try {
      client.createServiceLevelObjective(
          create ->
              create
                  .name(objective.name())
                  .description(
                      "Declared in slipway.yaml of stack %s for service %s; a change made elsewhere is undone."
                          .formatted(owner.stack(), owner.service()))
                  .sliConfig(SloShapes.indicator(objective))
                  .goal(SloShapes.goal(objective))
                  .burnRateConfigurations(SloShapes.burnRates(objective))
                  .tags(tags));
      return true;
    } catch (ConflictException _) {
      return false;
    }
  }

  @Override
  public void update(String arn, Objective objective) {
    client.updateServiceLevelObjective(
        update ->
            update
                .id(arn)
                .sliConfig(SloShapes.indicator(objective))
                .goal(SloShapes.goal(objective))
                .burnRateConfigurations(SloShapes.burnRates(objective)));
  }

  @Override
  public void delete(String arn) {
    try {
      client.deleteServiceLevelObjective(delete -> delete.id(arn));
    } catch (ResourceNotFoundException _) {
      // Gone is what was wanted.
    }
  }

  private Stream<ServiceLevelObjectiveSummary> summaries() {
    return pages(client.listServiceLevelObjectivesPaginator(list -> list.maxResults(50)))
        .flatMap(page -> page.sloSummaries().stream());
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

  private static <T> Stream<T> pages(Iterable<T> pages) {
    var read = new int[1];
    return StreamSupport.stream(pages.spliterator(), false)
        .peek(
            _ -> {
              if (++read[0] > MOST_PAGES)
                throw new IllegalStateException(
                    "Application Signals answers more than " + MOST_PAGES + " pages to one list");
            });
  }
}
