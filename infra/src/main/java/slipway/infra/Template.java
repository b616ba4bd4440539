package slipway.infra;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import slipway.config.Container;
import slipway.config.Service;
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
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PortMapping;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The task definition that says what should run, but for the images' digests. It never runs itself:
 * the deployer registers revisions of the service's own family from it.
 */
final class Template extends Construct {
  final FargateTaskDefinition definition;
  private final Map<String, ContainerDefinition> containers = new HashMap<>();

  /**
   * @param stack first part of the log groups' names
   */
  record Inputs(String stack, Service service, Images images, String deployTag) {}

  Template(Construct scope, Inputs inputs) {
    super(scope, "Template");
    var service = inputs.service();
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
        new Telemetry(service, logs("Telemetry", "/" + inputs.stack() + "/" + service.name()));
    telemetry.logs().grantWrite(definition.getTaskRole());
    if (telemetry.hasAgent())
      // Of AWS's making, because the agent is AWS's and its needs change with its versions.
      definition
          .getTaskRole()
          .addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName("CloudWatchAgentServerPolicy"));
    for (var container : service.containers()) add(inputs, container, telemetry);
    startTheFrontLast(service);
  }

  private void add(Inputs inputs, Container container, Telemetry telemetry) {
    var service = inputs.service();
    var front = container.name().equals(service.front().name());
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
            .environment(telemetry.environment(container))
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
    if (Telemetry.isCollector(container))
      options.healthCheck(
          HealthCheck.builder()
              .command(List.of("CMD", "/healthcheck"))
              .interval(Duration.seconds(10))
              .timeout(Duration.seconds(5))
              .retries(3)
              .startPeriod(Duration.seconds(10))
              .build());
    var definedContainer = definition.addContainer(container.name(), options.build());
    if (container instanceof Container.Built built)
      built
          .port()
          .ifPresent(
              port ->
                  definedContainer.addPortMappings(
                      PortMapping.builder().containerPort(port).build()));
    containers.put(container.name(), definedContainer);
  }

  /** So that the first spans and logs find their collectors listening. */
  private void startTheFrontLast(Service service) {
    var sidecars = new ArrayList<>(service.containers());
    sidecars.removeIf(container -> container.name().equals(service.front().name()));
    for (var sidecar : sidecars)
      containers
          .get(service.front().name())
          .addContainerDependencies(
              ContainerDependency.builder()
                  .container(containers.get(sidecar.name()))
                  .condition(
                      Telemetry.isCollector(sidecar)
                          ? ContainerDependencyCondition.HEALTHY
                          : ContainerDependencyCondition.START)
                  .build());
  }

  private LogGroup logs(String id, String name) {
    return LogGroup.Builder.create(this, id)
        .logGroupName(name)
        .retention(RetentionDays.ONE_WEEK)
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
  }
}
