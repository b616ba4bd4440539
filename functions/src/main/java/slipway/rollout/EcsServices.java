package slipway.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.notice.About;
import slipway.notice.Log;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.UnsupportedFeatureException;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/** The configured services, in their ECS cluster. */
final class EcsServices implements Services {
  /** How far apart ECS may note the begin of the same deployment in two places. */
  private static final Duration AROUND = Duration.ofMinutes(1);

  private final EcsClient ecs;
  private final Config config;
  private final String cluster;

  EcsServices(EcsClient ecs, Config config) {
    this.ecs = ecs;
    this.config = config;
    this.cluster = config.cluster();
  }

  @Override
  public Optional<RunningService> find(ServiceName service) {
    var answer =
        ecs.describeServices(request -> request.cluster(cluster).services(config.ecsName(service)));
    for (var failure : answer.failures())
      if (!"MISSING".equals(failure.reason()))
        throw new IllegalStateException(
            "ECS cannot describe service %s of cluster %s: %s %s"
                .formatted(service, cluster, failure.reason(), failure.detail()));
    // A deleted service stays INACTIVE for a while; one being deleted takes no deployment either.
    return answer.services().stream()
        .filter(found -> "ACTIVE".equals(found.status()))
        .findFirst()
        .map(EcsServices::running);
  }

  @Override
  public RunningService.Deployment deploy(ServiceName service, String taskDefinition) {
    UpdateServiceResponse answer;
    try {
      answer =
          ecs.updateService(
              request ->
                  request
                      .cluster(cluster)
                      .service(config.ecsName(service))
                      .taskDefinition(taskDefinition));
    } catch (InvalidParameterException
        | PlatformTaskDefinitionIncompatibilityException
        | UnsupportedFeatureException e) {
      throw new RevisionRefused(
          "ECS does not deploy %s: %s"
              .formatted(Revision.shortName(taskDefinition), e.awsErrorDetails().errorMessage()),
          e);
    }
    return running(answer.service())
        .primary()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "ECS took %s for service %s and names no primary deployment"
                        .formatted(taskDefinition, service)));
  }

  @Override
  public List<StoppedTask> stopped(ServiceName service) {
    var arns =
        ecs.listTasks(
                request ->
                    request
                        .cluster(cluster)
                        .serviceName(config.ecsName(service))
                        .desiredStatus(DesiredStatus.STOPPED))
            .taskArns();
    if (arns.isEmpty()) return List.of();
    return ecs.describeTasks(request -> request.cluster(cluster).tasks(arns)).tasks().stream()
        .map(EcsServices::stopped)
        .toList();
  }

  /**
   * Service deployments are told by their own ids, which are not those of the service's
   * deployments. The service revision that one is about has the same digits, as far as anybody has
   * seen; ECS does not promise it, so if none has, it is the one that began at that time.
   */
  @Override
  public Optional<Course> course(ServiceName service, String deployment, Instant startedAt) {
    var digits = deployment.substring(deployment.lastIndexOf('/'));
    var began =
        ecs
            .listServiceDeployments(
                request ->
                    request
                        .cluster(cluster)
                        .service(config.ecsName(service))
                        .createdAt(
                            time ->
                                time.after(startedAt.minus(AROUND)).before(startedAt.plus(AROUND))))
            .serviceDeployments()
            .stream()
            .min(
                Comparator.comparing(
                        (ServiceDeploymentBrief brief) ->
                            !text(brief.targetServiceRevisionArn()).endsWith(digits))
                    .thenComparing(brief -> Duration.between(startedAt, brief.createdAt()).abs()));
    if (began.isEmpty()) return Optional.empty();
    return ecs
        .describeServiceDeployments(
            request -> request.serviceDeploymentArns(began.get().serviceDeploymentArn()))
        .serviceDeployments()
        .stream()
        .findFirst()
        .map(EcsServices::course);
  }

  private static Course course(ServiceDeployment deployment) {
    var state =
        switch (deployment.status()) {
          case SUCCESSFUL -> Course.State.DONE;
          case ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS -> Course.State.GOING_BACK;
          case ROLLBACK_SUCCESSFUL -> Course.State.WENT_BACK;
          case STOPPED, ROLLBACK_FAILED -> Course.State.STOPPED;
          case PENDING, IN_PROGRESS, STOP_REQUESTED, UNKNOWN_TO_SDK_VERSION ->
              Course.State.UNDER_WAY;
          case null -> Course.State.UNDER_WAY;
        };
    var rollback = deployment.rollback();
    var breaker = deployment.deploymentCircuitBreaker();
    var alarms = deployment.alarms();
    return new Course(
        deployment.serviceDeploymentArn(),
        state,
        rollback == null || rollback.reason() == null
            ? text(deployment.statusReason())
            : rollback.reason(),
        breaker != null && breaker.status() == ServiceDeploymentRollbackMonitorsStatus.TRIGGERED,
        alarms == null ? List.of() : alarms.triggeredAlarmNames());
  }

  @Override
  public boolean takeBack(Course course) {
    try {
      ecs.stopServiceDeployment(
          request ->
              request
                  .serviceDeploymentArn(course.arn())
                  .stopType(StopServiceDeploymentStopType.ROLLBACK));
      return true;
    } catch (ConflictException | ServiceDeploymentNotFoundException e) {
      // It ended meanwhile: the next look finds out how.
      Log.trouble(
          About.NOTHING, // but of what is looked at
          "deployment not taken back",
          Map.of("serviceDeployment", course.arn()),
          e);
      return false;
    }
  }

  private static RunningService running(Service service) {
    var configuration = service.deploymentConfiguration();
    var rolling =
        configuration == null
            || configuration.strategy() == null
            || configuration.strategy() == DeploymentStrategy.ROLLING;
    return new RunningService(
        rolling,
        service.deployments().stream()
            .map(deployment -> deployment(service, deployment))
            .sorted((a, b) -> Boolean.compare(b.primary(), a.primary()))
            .toList(),
        service.events().stream()
            .map(event -> new RunningService.Event(event.createdAt(), event.message()))
            .toList());
  }

  private static RunningService.Deployment deployment(Service service, Deployment deployment) {
    var progress =
        switch (deployment.rolloutState()) {
          case COMPLETED -> RunningService.Progress.COMPLETED;
          case FAILED -> RunningService.Progress.FAILED;
          case IN_PROGRESS, UNKNOWN_TO_SDK_VERSION -> RunningService.Progress.IN_PROGRESS;
          // Told of rolling deployments only; of the others, that one is under way.
          case null ->
              service.currentServiceDeployment() == null
                  ? RunningService.Progress.COMPLETED
                  : RunningService.Progress.IN_PROGRESS;
        };
    return new RunningService.Deployment(
        deployment.id(),
        "PRIMARY".equals(deployment.status()),
        deployment.taskDefinition(),
        progress,
        text(deployment.rolloutStateReason()),
        deployment.createdAt());
  }

  private static StoppedTask stopped(Task task) {
    return new StoppedTask(
        text(task.startedBy()),
        text(task.stopCodeAsString()),
        text(task.stoppedReason()),
        task.containers().stream()
            .map(
                container ->
                    new StoppedTask.Container(
                        container.name(),
                        Optional.ofNullable(container.exitCode()),
                        text(container.reason()),
                        container.healthStatus() == HealthStatus.UNHEALTHY))
            .toList());
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
