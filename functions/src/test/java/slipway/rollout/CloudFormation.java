package slipway.rollout;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import slipway.config.ServiceName;
import slipway.json.Json;

/**
 * The stack: templates, services, and the custom resource that a first deployment waits for. What
 * FirstReleaseFunction does is played here in few words; that it is answered is the deployer's.
 */
final class CloudFormation implements Answers {
  private final Scene scene;
  private final Team team;
  private final SimulatedEcs ecs;
  private final Registry registry;
  private final MemoryLedger ledger;
  private final FifoQueue queue;
  private final Map<ServiceName, Branch> branches;
  private final Map<ServiceName, Boolean> rolling;
  private final Map<ServiceName, Integer> versions = new HashMap<>();
  private final Set<String> answered = new HashSet<>();
  private int requests;

  CloudFormation(
      Scene scene,
      Team team,
      SimulatedEcs ecs,
      Registry registry,
      MemoryLedger ledger,
      FifoQueue queue,
      Map<ServiceName, Branch> branches,
      Map<ServiceName, Boolean> rolling) {
    this.scene = scene;
    this.team = team;
    this.ecs = ecs;
    this.registry = registry;
    this.ledger = ledger;
    this.queue = queue;
    this.branches = branches;
    this.rolling = rolling;
  }

  /** Whether a release of a service still waits for its answer. */
  boolean waits(ServiceName service) {
    return ledger.release(service).filter(it -> !answered.contains(it.requestId())).isPresent();
  }

  int version(ServiceName service) {
    return versions.get(service);
  }

  /** {@code cdk deploy} of a stack that did not have the service. */
  void create(ServiceName service, Team.Flaw flaw) {
    template(service, flaw);
    var request = "request-" + ++requests;
    ledger.release(
        service,
        Optional.of(
            new PendingRelease(
                URI.create("https://cloudformation.invalid/" + request),
                "stack",
                request,
                "Release",
                "slipway-release-" + service)));
    scene.tell(Happening.FIRST_RELEASE, "cloudformation", () -> service + ": " + request);
    if (Fleet.CONTAINERS.stream().allMatch(it -> registry.tagged(service, it).isPresent()))
      hint(service, "first release, " + request);
    else branches.get(service).buildHead();
  }

  @Override
  public void put(ServiceName service, PendingRelease release, Optional<String> failure) {
    answered.add(release.requestId());
    scene.tell(
        "cloudformation",
        () -> "%s: %s is %s".formatted(service, release.requestId(), failure.orElse("done")));
    if (failure.isEmpty())
      scene.in(Duration.ofSeconds(5), Duration.ofMinutes(2), () -> make(service));
  }

  @Override
  public void forget(ServiceName service, PendingRelease release) {
    if (ledger.release(service).filter(release::equals).isPresent())
      ledger.release(service, Optional.empty());
  }

  private void make(ServiceName service) {
    if (ecs.service(service).isEmpty() && ecs.find(service.family()).isPresent())
      ecs.create(service, rolling.get(service));
  }

  /** {@code cdk deploy} of a changed template. */
  void update(ServiceName service, Team.Flaw flaw) {
    template(service, flaw);
    hint(service, "cdk deploy changed the stack, request-" + ++requests);
  }

  /** {@code cdk deploy} of a changed service: it goes by the family's name. */
  void redeploy(ServiceName service) {
    ecs.service(service)
        .ifPresent(
            it -> {
              var newest = ecs.find(service.family());
              if (newest.isEmpty() || team.refused(service, Content.of(newest.get()))) return;
              scene.tell(
                  Happening.SERVICE_REDEPLOYED_BY_NAME,
                  "cloudformation",
                  () -> service + " is redeployed by its family's name");
              it.start(newest.get().arn(), SimulatedService.Starter.CLOUDFORMATION);
            });
  }

  private void template(ServiceName service, Team.Flaw flaw) {
    var version = versions.merge(service, 1, Integer::sum);
    team.writes(service, Team.TEMPLATE, version, flaw);
    ecs.register(Fleet.template(service, version));
    scene.tell(
        Happening.TEMPLATE_CHANGED,
        "cloudformation",
        () -> "%s: template %d, %s".formatted(service, version, flaw));
  }

  private void hint(ServiceName service, String why) {
    queue.send(service.value(), Json.write(Map.of("reconcile", service.value(), "why", why)));
  }
}
