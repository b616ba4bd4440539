package slipway.rollout;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.json.Json;

/**
 * A storm over the whole deployer, and the calm after it, in virtual time.
 *
 * <p>Real is what decides and acts: the batch, reconcile, its settlement and its herald. Simulated
 * is what they reach by calls ({@link Calls}): ECS, ECR with its builds, the table, GitHub,
 * CloudFormation, the queue and the events. The {@link Storm} is what people do meanwhile; {@link
 * Watch} and {@link Rest} know the laws. Everything comes from the seed: the same seed gives the
 * same trace.
 */
final class Simulation {
  private static final Duration SCHEDULE = Duration.ofMinutes(15);
  private static final int MOST_ROUNDS = 60;

  private final long seed;
  private final Scene scene;
  private final FifoQueue queue;
  private final Watch watch;
  private final Storm storm;
  private final Deployer deployer;
  private final Rest rest;
  private final Map<ServiceName, Branch> branches = new LinkedHashMap<>();

  /** What came of it. */
  record Result(
      long seed, Optional<Scene.Violation> violation, Map<Happening, Integer> counts, Trace trace) {
    /** For people: which seed, what is wrong, and how it came to that. */
    String text() {
      return "seed %d: %s%n%s"
          .formatted(
              seed,
              violation.map(it -> it.law() + " -- " + it.where()).orElse("all laws held"),
              trace.text());
    }
  }

  private Simulation(long seed, Broken broken) {
    this.seed = seed;
    scene = new Scene(seed);
    queue = new FifoQueue(scene, broken);
    var events = new Events(scene, queue);
    var team = new Team();
    var ecs = new SimulatedEcs(scene, events, team);
    var registry = new Registry(events);
    var ledger = new MemoryLedger();
    var gitHub = new SimulatedGitHub();
    var rolling = new LinkedHashMap<ServiceName, Boolean>();
    for (var service : Fleet.SERVICES.subList(0, scene.chance().between(2, 3))) {
      branches.put(service, new Branch(scene, service, team, registry));
      rolling.put(service, scene.chance().in(60));
    }
    var cloudFormation =
        new CloudFormation(scene, team, ecs, registry, ledger, queue, branches, rolling);
    watch = new Watch(scene, team, ecs, ledger);
    storm = new Storm(scene, queue, ecs, registry, ledger, cloudFormation, branches);
    rest = new Rest(scene, team, queue, ecs, registry, ledger, cloudFormation, gitHub);
    deployer =
        new Deployer(scene, broken, queue, ecs, registry, ledger, cloudFormation, gitHub, watch);
    queue.consumer(deployer::invoke);
  }

  static Result run(long seed, Broken broken) {
    var simulation = new Simulation(seed, broken);
    simulation.run();
    simulation.deployer.end();
    return new Result(
        seed, simulation.scene.violation(), simulation.scene.counts(), simulation.scene.trace());
  }

  private void run() {
    int rounds = scene.chance().between(3, 7);
    storm.rise(SCHEDULE.multipliedBy(rounds));
    while (rounds-- > 0 && round() >= 0) {}
    scene.calm();
    scene.tell("simulation", () -> "calm");
    storm.settle();
    for (int calm = 0; calm < MOST_ROUNDS; calm++) {
      int changes = round();
      if (changes < 0) return;
      if (changes == 0 && scene.agenda().empty() && queue.empty()) {
        rest.check(branches.keySet());
        return;
      }
    }
    scene.violated(Law.COMES_TO_REST, "not after %d rounds".formatted(MOST_ROUNDS));
  }

  /** The schedule looks at everything, and time passes until it will again; -1 ends it all. */
  private int round() {
    int before = watch.changes();
    var end = scene.now().plus(SCHEDULE);
    branches.forEach(
        (service, branch) -> {
          branch.repair();
          queue.send(
              service.value(),
              Json.write(Map.of("reconcile", service.value(), "why", "schedule " + scene.now())));
        });
    while (scene.violation().isEmpty() && scene.agenda().next(end)) {}
    if (scene.violation().isPresent()) return -1;
    scene.agenda().reach(end);
    return watch.changes() - before;
  }
}
