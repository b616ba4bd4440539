package slipway.local.ecs;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.Events;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.registry.Ecr;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** ECS on Fargate, as far as the deployer and the template use it. */
public final class Ecs implements AwsService, Provisioner, AutoCloseable {
  /** What of a service's declaration UpdateService starts a deployment for. */
  private static final Set<String> DEPLOYED =
      Set.of(
          "CapacityProviderStrategy",
          "LoadBalancers",
          "NetworkConfiguration",
          "PlatformVersion",
          "ServiceConnectConfiguration",
          "ServiceRegistries",
          "VolumeConfigurations");

  private final EcsService.Surroundings around;
  private final AlarmWatch alarms;
  private final TaskDefinitions definitions = new TaskDefinitions();
  private final Set<String> clusters = ConcurrentHashMap.newKeySet();
  private final Map<String, EcsService> services = new ConcurrentHashMap<>();
  private final EcsApi api;

  /**
   * @param images folder for unpacked images; made if missing
   * @param logs folder for containers' logs: {@code <task>/<container>.log}; made if missing
   * @param registry that images named by {@link Ecr#HOST} come from
   * @param authorizer asked whether a task's execution role may pull, and a service's role may work
   *     on its load balancer
   * @param trust asked whether that role lets ECS act as it
   */
  public Ecs(
      Path images,
      Path logs,
      Pace pace,
      Events events,
      Ecr registry,
      Authorizer authorizer,
      RoleTrust trust,
      Sidecars sidecars,
      Targets targets,
      AlarmWatch alarms) {
    this.alarms = alarms;
    this.api = new EcsApi(definitions, services, alarms);
    this.around =
        new EcsService.Surroundings(
            new Task.Platform(
                new Images(registry, authorizer, images),
                authorizer,
                trust,
                sidecars,
                targets,
                logs,
                new EcsEvents(events)),
            pace,
            alarms,
            new Elb.Roles(authorizer, trust));
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::ECS::Cluster", "AWS::ECS::TaskDefinition", "AWS::ECS::Service");
  }

  @Override
  public Made make(Resource resource) {
    return switch (resource.type()) {
      case "AWS::ECS::Cluster" -> {
        var name = named(resource, "ClusterName");
        clusters.add(Arns.cluster(name));
        yield new Made(name, Map.of("Arn", Arns.cluster(name)));
      }
      case "AWS::ECS::TaskDefinition" -> {
        var input = Trees.fromTemplate(resource.properties());
        input.putIfAbsent("family", resource.logicalId());
        var made =
            definitions.register(input, "arn:aws:iam::" + Place.ACCOUNT + ":role/cloudformation");
        yield new Made(made.arn(), Map.of("TaskDefinitionArn", made.arn()));
      }
      case "AWS::ECS::Service" -> service(resource);
      default -> throw new IllegalArgumentException("ECS makes no " + resource.type());
    };
  }

  private Made service(Resource resource) {
    var name = named(resource, "ServiceName");
    var tree = Trees.fromTemplate(resource.properties());
    var cluster = Arns.name(resource.properties().at("Cluster").optionalText().orElse("default"));
    var family = resource.properties().at("TaskDefinition").text();
    var definition =
        definitions
            .find(family)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "service %s: no active task definition %s; the first release must register one"
                            .formatted(name, family)));
    if (!clusters.contains(Arns.cluster(cluster)))
      throw new IllegalStateException(
          "service %s: there is no cluster %s".formatted(name, cluster));
    var settings = ServiceSettings.of(cluster, name, tree);
    settings.checkFits(definition);
    known(settings.alarms(), name);
    var service = new EcsService(around, settings, definition);
    services.put(settings.arn(), service);
    steady(service);
    return new Made(settings.arn(), Map.of("ServiceArn", settings.arn(), "Name", name));
  }

  private void known(ServiceSettings.Alarms watched, String service) {
    for (var alarm : watched.names())
      if (!alarms.known(alarm))
        throw new IllegalStateException(
            "service %s: the deployment alarm '%s' does not exist".formatted(service, alarm));
  }

  @Override
  public Made update(Change change) {
    // A cluster's settings show nowhere here, nor do tags.
    if (change.before().type().equals("AWS::ECS::Service")) updateService(change);
    return change.made();
  }

  /**
   * As CloudFormation calls UpdateService: with what the template says of the task definition,
   * which may be a family and mean its newest revision. Waits until the service is steady.
   */
  private void updateService(Change change) {
    var arn = change.made().ref();
    var service = services.get(arn);
    var tree = Trees.fromTemplate(change.properties());
    var changes = new LinkedHashMap<String, Object>();
    for (var member : change.differing()) {
      var name = Trees.lower(member);
      changes.put(name, tree.get(name));
    }
    changes.keySet().removeAll(Set.of("taskDefinition", "tags"));
    var watched = Json.of(tree).at("deploymentConfiguration").at("alarms");
    known(ServiceSettings.Alarms.of(watched), Arns.name(arn));
    var definition = definitions.get(change.properties().at("TaskDefinition").text());
    var deploys = change.differing().stream().anyMatch(DEPLOYED::contains);
    service.update(changes, Optional.of(definition), deploys);
    steady(service);
  }

  private static void steady(EcsService service) {
    try {
      service.settled().join();
    } catch (CompletionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e);
    }
  }

  @Override
  public void abandon(Resource resource) {
    if (!resource.type().equals("AWS::ECS::Service")) return;
    var cluster = Arns.name(resource.properties().at("Cluster").optionalText().orElse("default"));
    var arn = Arns.service(cluster, named(resource, "ServiceName"));
    if (services.containsKey(arn)) end(arn);
  }

  @Override
  public void delete(Resource resource, Made made) {
    switch (resource.type()) {
      case "AWS::ECS::Cluster" -> {
        var arn = made.attributes().get("Arn");
        if (services.keySet().stream().anyMatch(s -> s.contains(":service/" + made.ref() + "/")))
          throw new IllegalStateException(
              "The Cluster cannot be deleted while Services are active: " + arn);
        clusters.remove(arn);
      }
      case "AWS::ECS::TaskDefinition" -> definitions.deregister(made.ref());
      case "AWS::ECS::Service" -> end(made.ref());
      default -> throw new IllegalArgumentException("ECS makes no " + resource.type());
    }
  }

  private void end(String serviceArn) {
    services.get(serviceArn).delete();
    services.remove(serviceArn);
  }

  /** Of task definitions those that may still run. */
  @Override
  public List<String> existing() {
    return Stream.of(clusters, services.keySet(), definitions.list(Optional.empty(), true))
        .flatMap(Collection::stream)
        .toList();
  }

  private static String named(Resource resource, String member) {
    return resource.properties().at(member).optionalText().orElse(resource.id());
  }

  @Override
  public String name() {
    return "ecs";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    return EcsPermissions.of(call.operation(), call.json());
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    return AwsAnswer.json(
        switch (call.operation()) {
          case "CreateCluster" -> createCluster(call.json());
          case "CreateService" -> createService(call.json());
          default -> api.answer(call.operation(), call.json(), call.caller());
        });
  }

  /** By hand, beside the stack. */
  private Map<String, Object> createCluster(Json request) {
    var name = request.at("clusterName").optionalText().orElse("default");
    clusters.add(Arns.cluster(name));
    return Map.of(
        "cluster",
        Map.of("clusterArn", Arns.cluster(name), "clusterName", name, "status", "ACTIVE"));
  }

  /** Likewise; it does not wait until the service is steady. */
  private Map<String, Object> createService(Json request) {
    var cluster = Arns.name(request.at("cluster").optionalText().orElse("default"));
    if (!clusters.contains(Arns.cluster(cluster)))
      throw new AwsError(400, "ClusterNotFoundException", "Cluster not found.");
    var settings =
        ServiceSettings.of(cluster, request.at("serviceName").text(), Trees.copy(request));
    if (services.containsKey(settings.arn()))
      throw new AwsError(
          400, "InvalidParameterException", "Creation of service was not idempotent.");
    var definition =
        definitions
            .find(request.at("taskDefinition").text())
            .filter(definitions::active)
            .orElseThrow(() -> new AwsError(400, "ClientException", "TaskDefinition not found."));
    settings.checkFits(definition);
    var service = new EcsService(around, settings, definition);
    services.put(settings.arn(), service);
    return Map.of("service", service.describe());
  }

  /** Where a container of a task writes to. */
  public Path log(String taskArn, String container) {
    return around.platform().logs().resolve(Arns.name(taskArn)).resolve(container + ".log");
  }

  @Override
  public void close() {
    services.values().forEach(EcsService::close);
    around.platform().events().close();
  }
}
