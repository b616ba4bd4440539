package slipway.rollout;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Log;

/**
 * Answers CloudFormation's custom resource of a service's release: a stack is complete only when
 * its service has something to run. Never waits: whoever registers the first revision answers.
 */
final class FirstRelease {
  private final Config config;
  private final Images images;
  private final Repositories repositories;
  private final Services services;
  private final TaskDefinitions definitions;
  private final HeadBuild builds;
  private final RolloutQueue queue;
  private final Releases releases;

  FirstRelease(
      Config config,
      Images images,
      Repositories repositories,
      Services services,
      TaskDefinitions definitions,
      HeadBuild builds,
      RolloutQueue queue,
      Releases releases) {
    this.config = config;
    this.images = images;
    this.repositories = repositories;
    this.services = services;
    this.definitions = definitions;
    this.builds = builds;
    this.queue = queue;
    this.releases = releases;
  }

  /**
   * Acts on a request, and says what came of it; every failure is CloudFormation's to know. Throws
   * only if that cannot be reached: Lambda comes again then.
   *
   * @param event a custom resource request
   */
  String on(Json event) {
    var name = event.at("ResourceProperties").at("Service").text();
    var release =
        new PendingRelease(
            URI.create(event.at("ResponseURL").text()),
            event.at("StackId").text(),
            event.at("RequestId").text(),
            event.at("LogicalResourceId").text(),
            event.at("PhysicalResourceId").optionalText().orElse("slipway-release-" + name));
    return Log.about(About.service(name), () -> on(event.at("RequestType"), name, release));
  }

  private String on(Json type, String name, PendingRelease release) {
    String came;
    try {
      came = act(type, name, release);
    } catch (RuntimeException e) {
      came = "failed: " + e.getMessage();
      Log.trouble(About.service(name), "first release failed", Map.of(), e);
      releases.put(release, Optional.of("the release of " + name + " failed: " + e.getMessage()));
    }
    Log.line(About.service(name), "first release", Map.of("why", came));
    return came;
  }

  private String act(Json type, String name, PendingRelease release) {
    return switch (type.text()) {
      case "Create" -> create(service(name), release);
      case "Update" -> update(service(name), release);
      case "Delete" -> {
        // The service goes with the stack. A name that was never right must not hinder that.
        releases.put(release, Optional.empty());
        yield "deleted: nothing to do";
      }
      default -> throw type.unexpected("Create, Update or Delete");
    };
  }

  private String create(Service service, PendingRelease release) {
    checkRepositories(service);
    adopt(service, true);
    // Before anything is asked for, so that it is there for whoever answers, however soon.
    releases.remember(service.name(), release);
    if (missing(service).isEmpty()) {
      queue.reconcile(service.name(), "first release, request " + release.requestId());
      return "all images are there: asked for the rollout";
    }
    return "build %s of all images started: it goes on when they are pushed"
        .formatted(builds.start(service.source(), service.built(), token(service, release)));
  }

  /**
   * The template changed, which is for reconcile to see; and it may need images that nobody has
   * built, of a new container or behind another tag. The stack waits for neither: the service runs.
   */
  private String update(Service service, PendingRelease release) {
    checkRepositories(service);
    adopt(service, false);
    var missing = missing(service);
    String came;
    if (missing.isEmpty()) {
      queue.reconcile(
          service.name(), "cdk deploy changed the stack, request " + release.requestId());
      came = "asked for a rollout of what changed";
    } else {
      came =
          "build %s of images that are missing started: rolled out when they are pushed"
              .formatted(builds.start(service.source(), missing, token(service, release)));
    }
    releases.put(release, Optional.empty());
    return came;
  }

  /** Sees to it that an adopted service has a template: what it runs, if there is no other. */
  private void adopt(Service service, boolean first) {
    if (service.adoption().isEmpty()) return;
    var running =
        services
            .find(service.name())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "cluster %s has no active service %s to adopt"
                            .formatted(config.cluster(), service.ecsName())))
            .primary()
            .map(RunningService.Deployment::taskDefinition)
            .flatMap(definitions::find)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "service %s has no deployment of ECS's own: want a service whose deployment controller is ECS"
                            .formatted(service.ecsName())));
    var template = definitions.find(service.name().templateFamily());
    switch (Adopted.of(service, running, template, first)) {
      case Adopted.Keeps(var there) -> refuseUnfit(service, there);
      case Adopted.Copies(var copy) -> {
        refuseUnfit(service, running);
        Log.line(
            About.service(service.name()),
            "template of an adopted service",
            Map.of("from", running.arn(), "to", definitions.register(copy)));
      }
    }
  }

  private static void refuseUnfit(Service service, TaskDefinition definition) {
    Adopted.unfit(service, definition)
        .ifPresent(
            why -> {
              throw new IllegalStateException(why);
            });
  }

  /** Before a build takes its time: what it pushes to may be in no state for it. */
  private void checkRepositories(Service service) {
    var tag = config.github().deployTag();
    for (var container : service.built()) {
      if (!container.given()) continue;
      var rules = repositories.tagRules(container.repository());
      if (rules.isEmpty())
        throw new IllegalStateException(
            "container %s: there is no repository %s in this account and Region: make it, or take repository out of slipway.yaml"
                .formatted(container.name(), container.repository()));
      if (!rules.get().mayMove(tag))
        throw new IllegalStateException(
            "container %s: tags of repository %s are immutable, and the deploy tag %s has to move: except it (aws ecr put-image-tag-mutability)"
                .formatted(container.name(), container.repository(), tag));
    }
  }

  private List<Container.Built> missing(Service service) {
    var tag = config.github().deployTag();
    return service.built().stream()
        .filter(container -> images.behind(container.repository(), tag).isEmpty())
        .toList();
  }

  /** A request that comes twice starts one build. */
  private static String token(Service service, PendingRelease release) {
    return "first-" + service.name() + "-" + release.requestId();
  }

  private Service service(String name) {
    return config
        .service(new ServiceName(name))
        .orElseThrow(
            () ->
                new Malformed(
                    "ResourceProperties.Service",
                    "is '%s', which is not in the configuration: deploy functions and services of"
                            .formatted(name)
                        + " one stack together"));
  }
}
