package slipway.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.rollout.Ledger.Order;
import slipway.rollout.Rollout.Status;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.SpentBudgets.Spent;
import slipway.rollout.Team.Flaw;

/** What people do while the storm lasts: they push, deploy, move tags, and give orders. */
final class Storm {
  private final Scene scene;
  private final FifoQueue queue;
  private final SimulatedEcs ecs;
  private final Registry registry;
  private final MemoryLedger ledger;
  private final CloudFormation cloudFormation;
  private final Map<ServiceName, Branch> branches;
  private int orders;

  /** Which of a service's two SLOs have spent their budget. */
  private static final List<List<Integer>> SPENDINGS =
      List.of(List.of(0), List.of(1), List.of(0, 1), List.of());

  Storm(
      Scene scene,
      FifoQueue queue,
      SimulatedEcs ecs,
      Registry registry,
      MemoryLedger ledger,
      CloudFormation cloudFormation,
      Map<ServiceName, Branch> branches) {
    this.scene = scene;
    this.queue = queue;
    this.ecs = ecs;
    this.registry = registry;
    this.ledger = ledger;
    this.cloudFormation = cloudFormation;
    this.branches = branches;
  }

  /** Enters all of it. */
  void rise(Duration length) {
    for (var service : branches.keySet()) {
      branches.get(service).push(Fleet.CONTAINERS, scene.chance().in(80) ? Flaw.NONE : flaw());
      cloudFormation.create(service, Flaw.NONE);
      for (int deeds = scene.chance().between(4, 14); deeds > 0; deeds--)
        scene.in(Duration.ofMinutes(3), length, () -> deed(service));
    }
  }

  /** What is done when it is over: what never came to life is mended, and some orders end. */
  void settle() {
    for (var service : branches.keySet()) {
      if (ecs.service(service).isEmpty()) {
        branches.get(service).push(Fleet.CONTAINERS, Flaw.NONE);
        // Once the images are there: another platform's is refused at once.
        scene.in(
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            () -> cloudFormation.create(service, Flaw.NONE));
      }
      if (scene.chance().in(50)) unpin(service);
      if (scene.chance().in(50)) thaw(service);
      if (scene.chance().in(50)) audit(service, List.of());
    }
  }

  private void deed(ServiceName service) {
    int which = scene.chance().between(1, 100);
    if (which <= 48) push(service);
    else if (which <= 58)
      cloudFormation.update(service, scene.chance().in(75) ? Flaw.NONE : templateFlaw());
    else if (which <= 65) cloudFormation.redeploy(service);
    else if (which <= 73) moveTagBack(service);
    else if (which <= 79) pin(service);
    else if (which <= 84) unpin(service);
    else if (which <= 87) freeze(service);
    else if (which <= 90) thaw(service);
    else audit(service, scene.chance().of(SPENDINGS));
  }

  /** An audit finds the budgets of that many SLOs spent. What it tells the queue may get lost. */
  private void audit(ServiceName service, List<Integer> spent) {
    var slos = Fleet.CONFIG.service(service).orElseThrow().slos();
    var before = ledger.state(service).spent().size();
    new TableSpentBudgets(ledger, this::news, scene.agenda().clock())
        .replace(
            service, spent.stream().map(n -> new Spent(slos.get(n).name(), scene.now())).toList());
    if (spent.size() > before)
      scene.tell(
          Happening.BUDGET_SPENT, "audit", () -> "budgets of %s: %s".formatted(service, spent));
    if (spent.isEmpty() && before > 0)
      scene.tell(Happening.BUDGET_RECOVERED, "audit", () -> "budgets of " + service + " recover");
  }

  private void news(ServiceName service, String why) {
    if (scene.fault(150)) {
      scene.tell(Happening.BUDGET_NEWS_LOST, "audit", () -> "dies before it tells: " + why);
      return;
    }
    var body = Json.write(Map.of("reconcile", service.value(), "why", why));
    queue.send(service.value(), body);
    if (scene.fault(150)) {
      scene.count(Happening.BUDGET_NEWS_TWICE);
      scene.in(
          Duration.ofMinutes(6), Duration.ofMinutes(20), () -> queue.send(service.value(), body));
    }
  }

  private void push(ServiceName service) {
    var containers = scene.chance().of(List.of(List.of("app"), List.of("adot"), Fleet.CONTAINERS));
    branches.get(service).push(containers, scene.chance().in(70) ? Flaw.NONE : flaw());
  }

  private Flaw flaw() {
    return scene.chance().of(List.of(Flaw.CRASHES, Flaw.CRASHES, Flaw.WRONG_PLATFORM));
  }

  private Flaw templateFlaw() {
    return scene.chance().of(List.of(Flaw.CRASHES, Flaw.CRASHES, Flaw.REFUSED));
  }

  private void moveTagBack(ServiceName service) {
    var container = scene.chance().of(Fleet.CONTAINERS);
    var commits = registry.commits(service, container);
    if (commits.isEmpty()) return;
    int commit = scene.chance().of(commits);
    scene.tell(
        Happening.TAG_MOVED_BACK,
        "operator",
        () -> "%s/%s: moves the tag to %d by hand".formatted(service, container, commit));
    registry.tag(service, container, commit);
  }

  private void pin(ServiceName service) {
    var healthy =
        ledger.history(service, 10).stream().filter(it -> it.status() == Status.HEALTHY).toList();
    if (healthy.isEmpty()) return;
    var rollout = scene.chance().of(healthy);
    ledger.pin(service, Optional.of(rollout), order("pinned to " + rollout.id()));
    ordered(Happening.PINNED, service, "pins to " + Revision.shortName(rollout.to()));
  }

  private void unpin(ServiceName service) {
    if (ledger.state(service).pinned().isEmpty()) return;
    ledger.pin(service, Optional.empty(), order("unpinned"));
    ordered(Happening.UNPINNED, service, "unpins");
  }

  private void freeze(ServiceName service) {
    ledger.freeze(service, true, order("frozen"));
    ordered(Happening.FROZEN, service, "freezes");
  }

  private void thaw(ServiceName service) {
    if (ledger.state(service).frozen().isEmpty()) return;
    ledger.freeze(service, false, order("thawed"));
    ordered(Happening.THAWED, service, "thaws");
  }

  private Order order(String what) {
    return new Order(what, new Change("ann", "", scene.now()));
  }

  /** An order is written first; then its operator asks to look. */
  private void ordered(Happening happening, ServiceName service, String what) {
    scene.tell(happening, "operator", () -> what + " " + service);
    queue.send(
        service.value(),
        Json.write(Map.of("reconcile", service.value(), "why", "order " + ++orders)));
  }
}
