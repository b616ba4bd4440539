package slipway.rollout;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import slipway.aws.RawJson;
import slipway.json.Json;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * Task definitions in ECS, read and written as JSON. The client must be built with {@link RawJson}.
 */
final class EcsTaskDefinitions implements TaskDefinitions {
  private final EcsClient ecs;

  EcsTaskDefinitions(EcsClient ecs) {
    this.ecs = ecs;
  }

  @Override
  public Optional<TaskDefinition> find(String name) {
    var answer = new AtomicReference<String>();
    try {
      ecs.describeTaskDefinition(
          request ->
              request
                  .taskDefinition(name)
                  .include(TaskDefinitionField.TAGS)
                  .overrideConfiguration(RawJson.into(answer)));
    } catch (ClientException _) {
      // What ECS answers for a family or revision that it does not know.
      return Optional.empty();
    }
    return Optional.of(TaskDefinition.described(Json.parse(answer.get())));
  }

  @Override
  public String register(TaskDefinition definition) {
    try {
      return ecs.registerTaskDefinition(
              request -> request.overrideConfiguration(RawJson.body(definition.tree())))
          .taskDefinition()
          .taskDefinitionArn();
    } catch (ClientException | InvalidParameterException e) {
      throw new RevisionRefused(
          "ECS does not register a revision of %s: %s"
              .formatted(definition.family(), e.awsErrorDetails().errorMessage()),
          e);
    }
  }

  @Override
  public void deregister(String arn) {
    try {
      ecs.deregisterTaskDefinition(request -> request.taskDefinition(arn));
    } catch (ClientException | InvalidParameterException e) {
      var now = ecs.describeTaskDefinition(request -> request.taskDefinition(arn)).taskDefinition();
      if (now.status() == TaskDefinitionStatus.ACTIVE) throw e;
    }
  }
}
