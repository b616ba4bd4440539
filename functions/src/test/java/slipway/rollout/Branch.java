package slipway.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import slipway.config.ServiceName;

/**
 * A service's branch, and the builds of its commits. GitHub tells each push once; a build takes its
 * time, and moves the deploy tag as buildspec.yml does: never back along the branch.
 */
final class Branch {
  private final Scene scene;
  private final ServiceName service;
  private final Team team;
  private final Registry registry;
  private final Map<String, Integer> built = new HashMap<>();
  private final Map<Integer, Instant> pushedAt = new HashMap<>();
  private int head;

  Branch(Scene scene, ServiceName service, Team team, Registry registry) {
    this.scene = scene;
    this.service = service;
    this.team = team;
    this.registry = registry;
  }

  /** A commit that changes the folders of these containers. */
  void push(List<String> containers, Team.Flaw flaw) {
    int commit = ++head;
    for (var container : containers) team.writes(service, container, commit, flaw);
    scene.tell(
        Happening.PUSH,
        "git",
        () -> "%s: commit %d changes %s, %s".formatted(service, commit, containers, flaw));
    if (scene.chance().in(20)) {
      team.overrides(service, commit);
      scene.tell(Happening.OVERRIDE, "git", () -> "commit %d ignores budgets".formatted(commit));
    }
    pushedAt.put(commit, scene.now());
    if (scene.fault(100)) scene.tell(Happening.WEBHOOK_LOST, "git", () -> "webhook is lost");
    else build(containers, commit);
  }

  /** What the schedule does: builds at the head what nobody told was changed. */
  void repair() {
    var missed =
        Fleet.CONTAINERS.stream()
            .filter(it -> team.version(service, it, head) > built.getOrDefault(it, 0))
            .toList();
    if (!missed.isEmpty()) build(missed, head);
  }

  /** Builds all images at the head, as a first release asks for. */
  void buildHead() {
    build(Fleet.CONTAINERS, head);
  }

  private void build(List<String> containers, int commit) {
    for (var container : containers) built.merge(container, commit, Math::max);
    scene.in(Duration.ofMinutes(1), Duration.ofMinutes(8), () -> end(containers, commit));
  }

  private void end(List<String> containers, int commit) {
    if (scene.fault(50)) {
      scene.tell(
          Happening.BUILD_FAILED, "build", () -> service + ": build of " + commit + " fails");
      return;
    }
    for (var container : containers) {
      var flaw = team.flaw(service, container, commit);
      registry.push(
          Fleet.image(
              Fleet.repository(service, container),
              commit,
              pushedAt.get(commit),
              flaw != Team.Flaw.WRONG_PLATFORM,
              team.overriding(service, commit)));
      move(container, commit);
    }
  }

  private void move(String container, int commit) {
    if (registry.tagged(service, container).filter(there -> there > commit).isPresent()) {
      scene.tell(
          Happening.BUILD_OVERTAKEN,
          "build",
          () -> "%s/%s: tag stays, %d came late".formatted(service, container, commit));
      return;
    }
    scene.tell("build", () -> "%s/%s: tag moves to %d".formatted(service, container, commit));
    registry.tag(service, container, commit);
  }
}
