package slipway.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import slipway.config.Container;
import slipway.config.Service;

/** What should run: the template with the images behind the deploy tag, if that can run at all. */
sealed interface Desired {
  /**
   * It can.
   *
   * @param revision as it would be registered, without Slipway's tags
   * @param built image by container
   */
  record Content(TaskDefinition revision, String fingerprint, Map<String, Image> built)
      implements Desired {
    public Content {
      built = Collections.unmodifiableMap(new LinkedHashMap<>(built));
    }

    /**
     * What is new in it: the commits and the author of the images that changed, the front's first;
     * the front's if none did, as the template changed then.
     */
    Rollout.Brought brought(Service service, ServiceState state) {
      var changed = changed(service, state);
      var brought = changed.isEmpty() ? List.of(service.front().name()) : changed;
      var foremost = built.get(brought.getFirst()).origin();
      return new Rollout.Brought(
          commits(brought),
          foremost.author(),
          changed.isEmpty() ? Optional.empty() : foremost.pushed(),
          changed.isEmpty() ? Rollout.Cause.TEMPLATE : Rollout.Cause.PUSH,
          state.images().isEmpty()
              ? "first rollout"
              : changed.isEmpty()
                  ? "the task definition changed"
                  : "new image of " + String.join(" and ", changed));
    }

    /**
     * The containers with another image than what was last found healthy, and those whose commit
     * still waits to hear that it runs; the front first.
     */
    private List<String> changed(Service service, ServiceState state) {
      var front = service.front().name();
      var waiting = state.waiting();
      return built.keySet().stream()
          .sorted((a, b) -> Boolean.compare(b.equals(front), a.equals(front)))
          .filter(
              name ->
                  !built.get(name).pinned().equals(state.images().get(name))
                      || built.get(name).commit().filter(waiting::contains).isPresent())
          .toList();
    }

    /** Whether a commit that does not run yet says that it rolls out although a budget is spent. */
    boolean overrides(ServiceState state) {
      return built.entrySet().stream()
          .filter(it -> !it.getValue().pinned().equals(state.images().get(it.getKey())))
          .anyMatch(it -> it.getValue().origin().override());
    }

    private List<String> commits(List<String> containers) {
      return containers.stream()
          .flatMap(name -> built.get(name).commit().stream())
          .distinct()
          .toList();
    }
  }

  /** The commits in it that do not run yet, the front's first. */
  default List<String> news(Service service, ServiceState state) {
    return switch (this) {
      case Content content -> content.commits(content.changed(service, state));
      case Unusable _ -> List.of();
    };
  }

  /** The commits of those of its images that are among others (by container). */
  default Set<String> commitsAmong(Map<String, String> images) {
    return switch (this) {
      case Content content ->
          content.built().entrySet().stream()
              .filter(it -> it.getValue().pinned().equals(images.get(it.getKey())))
              .flatMap(it -> it.getValue().commit().stream())
              .collect(Collectors.toCollection(LinkedHashSet::new));
      case Unusable _ -> Set.of();
    };
  }

  /** It cannot, and why. */
  record Unusable(Outcome outcome) implements Desired {}

  /** The content to look up in the ledger, if there is one. */
  default Optional<String> fingerprintIfAny() {
    return switch (this) {
      case Content content -> Optional.of(content.fingerprint());
      case Unusable _ -> Optional.empty();
    };
  }

  /**
   * Puts together what should run.
   *
   * @param images behind the deploy tag, by container
   */
  static Desired of(
      Service service,
      String deployTag,
      Optional<TaskDefinition> template,
      Map<String, Optional<Image>> images) {
    var family = service.name().templateFamily();
    if (template.isEmpty())
      return new Unusable(
          new Outcome.NoTemplate("no task definition " + family + " yet: cdk deploy makes it"));
    var unfit = Adopted.unfit(service, template.get());
    if (unfit.isPresent()) return new Unusable(new Outcome.Refused(unfit.get(), List.of()));
    var containers = template.get().images().keySet();
    var built = new LinkedHashMap<String, Image>();
    var missing = new ArrayList<String>();
    for (Container.Built container : service.built()) {
      if (!containers.contains(container.name()))
        return new Unusable(
            new Outcome.NoTemplate(
                "%s has no container %s, which the configuration builds: finish or repeat cdk deploy"
                    .formatted(family, container.name())));
      images
          .getOrDefault(container.name(), Optional.empty())
          .ifPresentOrElse(
              image -> built.put(container.name(), image),
              () -> missing.add(container.repository() + ":" + deployTag));
    }
    if (!missing.isEmpty())
      return new Unusable(
          new Outcome.ImagesMissing(
              "no image %s yet: goes on when a build pushes it"
                  .formatted(String.join(", ", missing))));
    var wanted = template.get().platform();
    for (var image : built.values())
      if (!image.platforms().contains(wanted))
        return new Unusable(
            new Outcome.Refused(
                "%s is for %s, %s runs on %s: build it for %s (%s:%s is %s)"
                    .formatted(
                        image.repository(),
                        image.platforms().isEmpty() ? "no platform" : image.platformNames(),
                        service.name(),
                        wanted,
                        wanted,
                        image.repository(),
                        deployTag,
                        image.shortDigest()),
                image.commit().stream().toList()));
    var pinned = new LinkedHashMap<String, String>();
    built.forEach((name, image) -> pinned.put(name, image.pinned()));
    var revision = template.get().revisionOf(service.name(), pinned);
    if (revision.tagsTooMany() > 0)
      return new Unusable(
          new Outcome.Refused(
              "%s leaves no room for Slipway's tags, as ECS takes %d: remove %d of its tags, and cdk deploy"
                  .formatted(family, TaskDefinition.MOST_TAGS, revision.tagsTooMany()),
              Optional.ofNullable(built.get(service.front().name())).stream()
                  .flatMap(image -> image.commit().stream())
                  .toList()));
    return new Content(revision, revision.fingerprint(), built);
  }
}
