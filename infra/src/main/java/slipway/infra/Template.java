package slipway.infra;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import slipway.config.Container;
import slipway.config.Service;
import slipway.telemetry.Task;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerDependency;
import software.amazon.awscdk.services.ecs.ContainerDependencyCondition;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PortMapping;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The task definition that says what should run, but for the images' digests. It never runs itself:
 * the deployer registers revisions of the service's own family from it.
 */
final class Template extends Construct {
  /** From SIGTERM to SIGKILL. */
  private static final int STOP_SECONDS = 30;

  final FargateTaskDefinition definition;

  /** Whether the service is told of others, which it may call, that do not answer over HTTPS. */
  final boolean callsOverHttp;

  private final Map<String, ContainerDefinition> containers = new HashMap<>();

  /**
   * @param stack first part of the log groups' names
   * @param neighbours what the service's environment says of where the others answer
   */
  record Inputs(
      String stack,
      Service service,
      Images images,
      String deployTag,
      Map<String, String> neighbours) {}

  Template(Construct scope, Inputs inputs) {
    super(scope, "Template");
    var service = inputs.service();
    callsOverHttp =
        inputs.neighbours().values().stream().anyMatch(address -> address.startsWith("http:"));
    definition =
        FargateTaskDefinition.Builder.create(this, "Task")
            .family(service.name().templateFamily())
            .cpu(service.cpu())
            .memoryLimitMiB(service.memory())
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(CpuArchitecture.ARM64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .build();
    var telemetry =
        new Telemetry(service, logs("Telemetry", Telemetry.logGroup(inputs.stack(), service)));
    if (telemetry.hasCollector()) telemetry.logs().grantWrite(definition.getTaskRole());
    if (telemetry.hasAgent()) {
      definition
          .getTaskRole()
          .addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName("CloudWatchAgentServerPolicy"));
      Nag.keep(
          definition.getTaskRole(),
          "AwsSolutions-IAM4",
          "The agent is AWS's, and what it needs changes with its versions.");
    }
    for (var container : service.containers()) add(inputs, container, telemetry);
    startTheFrontLast(service);
    Nag.keepWildcard(
        definition.obtainExecutionRole(), "*", "Logging in to the registry takes no resource.");
    Nag.keep(
        definition,
        "AwsSolutions-ECS2",
        "What containers are told is no secret; those come from Secrets Manager.");
  }

  private void add(Inputs inputs, Container container, Telemetry telemetry) {
    var service = inputs.service();
    var front = container.name().equals(service.front().name());
    // The user's own, which are among the others, win.
    var variables = new LinkedHashMap<String, String>();
    if (front) variables.putAll(inputs.neighbours());
    variables.putAll(telemetry.environment(container));
    var options =
        ContainerDefinitionOptions.builder()
            .containerName(container.name())
            .image(
                switch (container) {
                  case Container.Built built ->
                      ContainerImage.fromEcrRepository(
                          inputs.images().of(built), inputs.deployTag());
                  case Container.Pulled pulled -> ContainerImage.fromRegistry(pulled.image());
                })
            .environment(variables)
            // A sidecar that dies comes back by itself and takes no request with it.
            .essential(front)
            .logging(
                LogDriver.awsLogs(
                    AwsLogDriverProps.builder()
                        .logGroup(
                            logs(
                                container.name() + "-logs",
                                "/%s/%s/%s"
                                    .formatted(inputs.stack(), service.name(), container.name())))
                        .streamPrefix(container.name())
                        // A slow log must not stop the service.
                        .mode(AwsLogDriverMode.NON_BLOCKING)
                        .build()));
    if (!front) options.enableRestartPolicy(true);
    // ECS takes the task out of the load balancer first, and waits until requests have drained;
    // then SIGTERM, and so much later SIGKILL. It is what app/README.md promises.
    options.stopTimeout(Duration.seconds(STOP_SECONDS));
    Telemetry.healthCheck(container).ifPresent(options::healthCheck);
    if (readOnly(container)) options.readonlyRootFilesystem(true);
    var definedContainer = definition.addContainer(container.name(), options.build());
    if (readOnly(container)) mountTmp(definedContainer);
    if (container instanceof Container.Built built)
      built
          .port()
          .ifPresent(
              port ->
                  definedContainer.addPortMappings(
                      PortMapping.builder().containerPort(port).build()));
    containers.put(container.name(), definedContainer);
  }

  /**
   * What Slipway builds writes in /tmp only, unless it says otherwise. Not so what others built:
   * the CloudWatch agent, for one, writes the configuration that it makes of ours beside its
   * programs.
   */
  private static boolean readOnly(Container container) {
    return container instanceof Container.Built built && !built.writable();
  }

  /**
   * An empty volume, gone with the task; Fargate knows no tmpfs. It belongs to root, unless the
   * image has a VOLUME there, whose owner and mode it takes.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html">Bind
   *     mounts</a>
   */
  private void mountTmp(ContainerDefinition container) {
    var volume = container.getContainerName() + "-tmp";
    definition.addVolume(Volume.builder().name(volume).build());
    container.addMountPoints(
        MountPoint.builder().sourceVolume(volume).containerPath("/tmp").readOnly(false).build());
  }

  private void startTheFrontLast(Service service) {
    Task.startsAfter(service)
        .forEach(
            (other, condition) ->
                containers
                    .get(service.front().name())
                    .addContainerDependencies(
                        ContainerDependency.builder()
                            .container(containers.get(other))
                            .condition(ContainerDependencyCondition.valueOf(condition))
                            .build()));
  }

  private LogGroup logs(String id, String name) {
    return LogGroup.Builder.create(this, id)
        .logGroupName(name)
        .retention(RetentionDays.ONE_WEEK)
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
  }
}
