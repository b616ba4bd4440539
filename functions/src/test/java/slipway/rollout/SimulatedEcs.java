package slipway.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.rollout.SimulatedService.Starter;

/** ECS: families of task definitions, and the services that run them. */
final class SimulatedEcs implements TaskDefinitions, Services {
  private static final String ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/";

  private final Scene scene;
  private final Events events;
  private final Team team;
  private final Map<String, List<TaskDefinition>> families = new HashMap<>();
  private final Map<ServiceName, SimulatedService> services = new LinkedHashMap<>();
  private int deployments;

  SimulatedEcs(Scene scene, Events events, Team team) {
    this.scene = scene;
    this.events = events;
    this.team = team;
  }

  Events events() {
    return events;
  }

  String nextDeployment() {
    return "ecs-svc/" + ++deployments;
  }

  Content content(String arn) {
    return Content.of(find(arn).orElseThrow());
  }

  boolean crashes(ServiceName service, Content content) {
    return team.crashes(service, content);
  }

  /** CloudFormation makes a service, which runs what the family's name means. */
  void create(ServiceName name, boolean rolling) {
    var service = new SimulatedService(scene, name, rolling, this);
    service.start(find(name.family()).orElseThrow().arn(), Starter.CLOUDFORMATION);
    services.put(name, service);
  }

  Optional<SimulatedService> service(ServiceName name) {
    return Optional.ofNullable(services.get(name));
  }

  @Override
  public Optional<TaskDefinition> find(String name) {
    if (!name.startsWith(ARN))
      return revisions(name).reversed().stream().filter(SimulatedEcs::active).findFirst();
    return revisions(name.substring(ARN.length(), name.lastIndexOf(':'))).stream()
        .filter(definition -> definition.arn().equals(name))
        .findFirst();
  }

  @Override
  public String register(TaskDefinition definition) {
    var family = families.computeIfAbsent(definition.family(), _ -> new ArrayList<>());
    var arn = ARN + definition.family() + ":" + (family.size() + 1);
    family.add(with(definition, Map.of("taskDefinitionArn", arn, "status", "ACTIVE")));
    return arn;
  }

  @Override
  public void deregister(String arn) {
    revisions(find(arn).orElseThrow().family())
        .replaceAll(it -> it.arn().equals(arn) ? with(it, Map.of("status", "INACTIVE")) : it);
  }

  static boolean active(TaskDefinition definition) {
    return "ACTIVE".equals(definition.tree().get("status"));
  }

  @Override
  public Optional<RunningService> find(ServiceName name) {
    return service(name).map(SimulatedService::described);
  }

  @Override
  public RunningService.Deployment deploy(ServiceName name, String arn) {
    var service =
        service(name).orElseThrow(() -> new CallFailed("ServiceNotFoundException: " + name));
    var revision = find(arn).filter(SimulatedEcs::active);
    if (revision.isEmpty()) throw new CallFailed("ClientException: %s is inactive".formatted(arn));
    var content = Content.of(revision.get());
    if (team.refused(name, content))
      throw new RevisionRefused("ECS does not deploy " + arn, new CallFailed("InvalidParameter"));
    return service.primary().taskDefinition().equals(arn)
        ? service.primary()
        : service.start(arn, Starter.DEPLOYER);
  }

  @Override
  public List<StoppedTask> stopped(ServiceName name) {
    return service(name).map(SimulatedService::stopped).orElse(List.of());
  }

  @Override
  public Optional<Course> course(ServiceName name, String deployment, Instant startedAt) {
    return service(name).flatMap(it -> it.course(deployment));
  }

  @Override
  public boolean takeBack(Course course) {
    return services.values().stream().anyMatch(it -> it.takeBack(course.arn()));
  }

  /** All revisions of a family that there ever were, in order. */
  List<TaskDefinition> revisions(String family) {
    return families.getOrDefault(family, List.of());
  }

  private static TaskDefinition with(TaskDefinition definition, Map<String, String> members) {
    var tree = new LinkedHashMap<>(definition.tree());
    tree.putAll(members);
    return new TaskDefinition(tree);
  }
}
