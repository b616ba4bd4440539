package slipway.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * What is new in it against other images (by container): the commits and the author of the
     * images that changed, the front's first; the front's if none did, as the template changed
     * then.
     */
    Rollout.Brought brought(Service service, Map<String, String> before) {
      var front = service.front().name();
      var names = new ArrayList<>(built.keySet());
      names.sort((a, b) -> Boolean.compare(b.equals(front), a.equals(front)));
      var changed =
          names.stream()
              .filter(name -> !built.get(name).pinned().equals(before.get(name)))
              .toList();
      var brought = changed.isEmpty() ? List.of(front) : changed;
      return new Rollout.Brought(
          brought.stream().flatMap(name -> built.get(name).commit().stream()).distinct().toList(),
          built.get(brought.getFirst()).author(),
          before.isEmpty()
              ? "first rollout"
              : changed.isEmpty()
                  ? "the task definition changed"
                  : "new image of " + String.join(" and ", changed));
    }
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
