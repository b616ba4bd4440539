package slipway.rollout;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import slipway.config.ServiceName;
import slipway.rollout.Announcements.Stage;
import slipway.rollout.RunningService.Progress;
import slipway.rollout.SimulatedService.Started;
import slipway.rollout.SimulatedService.Starter;

/** Watches what holds at any time: looks at each call of the deployer before it takes effect. */
final class Watch {
  /** Who read before an order was given, or before somebody else deployed, may act after it. */
  private static final Duration READ_BEFORE = Duration.ofSeconds(30);

  private record Failed(ServiceName service, Content content) {}

  private final Scene scene;
  private final Team team;
  private final SimulatedEcs ecs;
  private final MemoryLedger ledger;
  private final Set<Failed> failed = new HashSet<>();
  private int changes;

  Watch(Scene scene, Team team, SimulatedEcs ecs, MemoryLedger ledger) {
    this.scene = scene;
    this.team = team;
    this.ecs = ecs;
    this.ledger = ledger;
  }

  /** How many calls there were that change something. */
  int changes() {
    return changes;
  }

  void before(String call, Object[] arguments) {
    switch (call) {
      case "register" -> registers((TaskDefinition) arguments[0]);
      case "deploy" -> deploys((ServiceName) arguments[0], (String) arguments[1]);
      case "ended" -> ends((Rollout) arguments[0]);
      case "set" -> tells((ServiceName) arguments[0], arguments[1], arguments[2]);
      case "deregister", "started", "refused", "said", "put", "takeBack" -> changes++;
      default -> {}
    }
  }

  private void registers(TaskDefinition definition) {
    changes++;
    var service = new ServiceName(definition.family());
    var content = Content.of(definition);
    if (ecs.find(service.family()).map(Content::of).filter(content::equals).isPresent())
      violated(Law.REGISTERED_ONCE, service, content);
    if (failed.contains(new Failed(service, content)))
      violated(Law.FAILED_CONTENT_STAYS_OUT, service, content);
    if (team.flaw(service, "app", content.app()) == Team.Flaw.WRONG_PLATFORM
        || team.flaw(service, "adot", content.adot()) == Team.Flaw.WRONG_PLATFORM)
      violated(Law.WRONG_PLATFORM_STAYS_OUT, service, content);
  }

  private void deploys(ServiceName name, String arn) {
    changes++;
    var service = ecs.service(name).orElseThrow();
    if (service.primary().taskDefinition().equals(arn)) return;
    var content = ecs.content(arn);
    if (failed.contains(new Failed(name, content)))
      violated(Law.FAILED_CONTENT_STAYS_OUT, name, content);
    if (!service.rolling()
        && service.primary().progress() == Progress.IN_PROGRESS
        && (service.latest().by != Starter.CLOUDFORMATION
            || service.latest().at.plus(READ_BEFORE).isBefore(scene.now())))
      violated(Law.NO_OVERLAP, name, service.latest().id + " is not at its end");
    orders(name, content);
    budgets(name, content);
  }

  /** What was healthy last is nothing new, and a pin goes through. */
  private void budgets(ServiceName name, Content content) {
    var state = ledger.state(name);
    var healthy = state.running().map(it -> ecs.content(it.to()));
    if (state.pinned().isPresent() || healthy.filter(it -> !it.equals(content)).isEmpty()) return;
    var known = BudgetFreeze.of(Fleet.CONFIG.service(name).orElseThrow(), "", state.spent());
    if (known.isEmpty()) return;
    if (team.overriding(name, content, healthy.get()))
      scene.count(Happening.ROLLED_OUT_ALL_THE_SAME);
    else if (known.get().spent().stream()
        .anyMatch(it -> it.since().plus(READ_BEFORE).isBefore(scene.now())))
      violated(Law.BUDGETS_HOLD, name, known.get().what() + ", and deploys " + content);
  }

  private void orders(ServiceName name, Content content) {
    var state = ledger.state(name);
    state
        .pinned()
        .filter(pin -> pin.change().at().plus(READ_BEFORE).isBefore(scene.now()))
        .filter(pin -> !ecs.content(pin.rollout().to()).equals(content))
        .ifPresent(pin -> violated(Law.ORDERS_HOLD, name, "pinned to " + pin.rollout().to()));
    state
        .frozen()
        .filter(freeze -> state.pinned().isEmpty())
        .filter(freeze -> freeze.at().plus(READ_BEFORE).isBefore(scene.now()))
        .ifPresent(_ -> violated(Law.ORDERS_HOLD, name, "frozen, and deploys " + content));
  }

  private void ends(Rollout rollout) {
    changes++;
    var name = rollout.service();
    switch (rollout.status()) {
      case HEALTHY -> {
        scene.count(Happening.SETTLED_HEALTHY);
        if (history(name).stream().noneMatch(it -> it.arn.equals(rollout.to()) && it.completed()))
          violated(Law.FAILURE_IS_NO_SUCCESS, name, rollout);
      }
      case FAILED -> {
        scene.count(rollout.restoredAt().isEmpty() ? Happening.SETTLED_FAILED : Happening.RESTORED);
        failed.add(new Failed(name, ecs.content(rollout.to())));
        if (SimulatedEcs.active(ecs.find(rollout.to()).orElseThrow()))
          violated(Law.FAILED_REVISION_IS_GONE, name, rollout);
      }
      case SUPERSEDED -> scene.count(Happening.SETTLED_SUPERSEDED);
      case IN_PROGRESS -> {
        if (rollout.order().isEmpty()) throw new AssertionError("ended in progress: " + rollout);
      }
    }
  }

  /** A word on a commit or on an announced rollout. */
  private void tells(ServiceName name, Object about, Object word) {
    changes++;
    if (word != Feedback.State.SUCCESS && word != Stage.SUCCESS) return;
    var commit =
        Fleet.number(about instanceof Announcement rollout ? rollout.commit() : (String) about);
    if (history(name).stream()
        .noneMatch(
            it -> it.completed() && (it.content.app() == commit || it.content.adot() == commit)))
      violated(Law.FAILURE_IS_NO_SUCCESS, name, "commit " + commit);
  }

  private List<Started> history(ServiceName name) {
    return ecs.service(name).orElseThrow().history();
  }

  private void violated(Law law, ServiceName service, Object what) {
    scene.violated(law, service + ": " + Words.of(what));
  }
}
