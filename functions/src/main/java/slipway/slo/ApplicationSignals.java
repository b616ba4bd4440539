package slipway.slo;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import slipway.config.SloDependency;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.BatchUpdateExclusionWindowsResponse;
import software.amazon.awssdk.services.applicationsignals.model.ConflictException;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjective;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveSummary;
import software.amazon.awssdk.services.applicationsignals.model.ServiceQuotaExceededException;
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

  @Override
  public Set<Call> calls(KeyAttributes service) {
    var now = clock.instant();
    return pages(
            client.listServiceDependenciesPaginator(
                list ->
                    list.startTime(now.minus(LOOK_BACK))
                        .endTime(now)
                        .keyAttributes(service.values())
                        .maxResults(100)))
        .flatMap(page -> page.serviceDependencies().stream())
        .map(
            found ->
                new Call(
                    found.operationName(),
                    new SloDependency(
                        found.dependencyKeyAttributes(), found.dependencyOperationName())))
        .collect(Collectors.toSet());
  }

  /**
   * Only SLOs that can be the owner's are asked for their tags, as the API allows five such
   * questions a second: those on a service of that name in any environment, those of these names,
   * and those on metrics of CloudWatch, which are of no service.
   */
  @Override
  public List<Existing> of(Ownership owner, Set<String> names) {
    var found = new ArrayList<Existing>();
    summaries()
        .filter(
            summary ->
                names.contains(summary.name())
                    || summary.keyAttributes().isEmpty()
                    || owner.service().equals(summary.keyAttributes().get("Name")))
        .forEach(
            summary ->
                tags(summary.arn())
                    .filter(tags -> Ownership.of(tags).equals(Optional.of(owner)))
                    .flatMap(tags -> existing(summary.arn(), tags))
                    .ifPresent(found::add));
    return List.copyOf(found);
  }

  @Override
  public Optional<Existing> find(String name) {
    return slo(name).flatMap(slo -> tags(slo.arn()).flatMap(tags -> existing(slo, tags)));
  }

  private Optional<Existing> existing(String arn, Map<String, String> tags) {
    return slo(arn).flatMap(slo -> existing(slo, tags));
  }

  private Optional<Existing> existing(ServiceLevelObjective slo, Map<String, String> tags) {
    try {
      var exclusions =
          pages(
                  client.listServiceLevelObjectiveExclusionWindowsPaginator(
                      list -> list.id(slo.arn()).maxResults(10)))
              .flatMap(page -> page.exclusionWindows().stream())
              .map(SloShapes::exclusion)
              .toList();
      return Optional.of(
          new Existing(slo.arn(), Ownership.of(tags), SloShapes.objective(slo, tags, exclusions)));
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  private Optional<ServiceLevelObjective> slo(String id) {
    try {
      return Optional.of(client.getServiceLevelObjective(get -> get.id(id)).slo());
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> create(Objective objective, Ownership owner) {
    var tags = new TreeMap<>(owner.tags());
    objective.tags().ifPresent(tags::putAll);
    try {
      var answer =
          client.createServiceLevelObjective(
              create ->
                  create
                      .name(objective.name())
                      .description(objective.description().orElse(null))
                      .sliConfig(SloShapes.ofPeriods(objective).orElse(null))
                      .requestBasedSliConfig(SloShapes.ofRequests(objective).orElse(null))
                      .goal(SloShapes.goal(objective))
                      .burnRateConfigurations(SloShapes.burnRates(objective))
                      .tags(shapes(tags)));
      return Optional.of(answer.slo().arn());
    } catch (ConflictException _) {
      return Optional.empty();
    } catch (ServiceQuotaExceededException e) {
      throw new IllegalStateException(
          "a quota of Application Signals is used up (%s): an account has 250 SLOs in a Region, and 100 of one service, unless you ask for more (Service Quotas, Amazon CloudWatch Application Signals); raise it, or delete SLOs that nobody needs"
              .formatted(e.getMessage()),
          e);
    }
  }

  @Override
  public void update(String arn, Objective objective) {
    client.updateServiceLevelObjective(
        update ->
            update
                .id(arn)
                .description(objective.description().orElse(null))
                .sliConfig(SloShapes.ofPeriods(objective).orElse(null))
                .requestBasedSliConfig(SloShapes.ofRequests(objective).orElse(null))
                .goal(SloShapes.goal(objective))
                .burnRateConfigurations(SloShapes.burnRates(objective)));
  }

  /** First removes, because an SLO has room for ten only. */
  @Override
  public void exclude(String arn, Exclusions exclusions) {
    if (!exclusions.remove().isEmpty())
      excluded(
          client.batchUpdateExclusionWindows(
              batch ->
                  batch
                      .sloIds(arn)
                      .removeExclusionWindows(SloShapes.windows(exclusions.remove()))));
    if (!exclusions.add().isEmpty())
      excluded(
          client.batchUpdateExclusionWindows(
              batch -> batch.sloIds(arn).addExclusionWindows(SloShapes.windows(exclusions.add()))));
  }

  /** A refusal is no exception here, but part of the answer. */
  private static void excluded(BatchUpdateExclusionWindowsResponse answer) {
    if (answer.hasErrors() && !answer.errors().isEmpty())
      throw new IllegalStateException(
          answer.errors().stream()
              .map(error -> error.errorCode() + ": " + error.errorMessage())
              .collect(Collectors.joining("; ", "its exclusions could not be changed: ", "")));
  }

  @Override
  public void tag(String arn, Map<String, String> values, Set<String> gone) {
    if (!gone.isEmpty())
      client.untagResource(untag -> untag.resourceArn(arn).tagKeys(new TreeSet<>(gone)));
    if (values.isEmpty()) return;
    try {
      client.tagResource(tag -> tag.resourceArn(arn).tags(shapes(new TreeMap<>(values))));
    } catch (ServiceQuotaExceededException e) {
      throw new IllegalStateException(
          "the quota of 50 tags on an SLO is used up (%s): take some out of slipway.yaml"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static List<Tag> shapes(SortedMap<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
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
    return tags(arn).flatMap(Ownership::of);
  }

  private Optional<Map<String, String>> tags(String arn) {
    try {
      return Optional.of(
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
