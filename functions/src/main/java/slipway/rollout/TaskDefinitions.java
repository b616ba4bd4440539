package slipway.rollout;

import java.util.Optional;

/** Where task definitions are. */
interface TaskDefinitions {
  /**
   * A task definition with its tags.
   *
   * @param name ARN, or a family for its newest active revision
   * @return empty if there is none
   */
  Optional<TaskDefinition> find(String name);

  /**
   * Registers a new revision of its family and returns its ARN. Each call makes another one.
   *
   * @throws RevisionRefused if ECS does not take it
   */
  String register(TaskDefinition definition);

  /** Takes a revision out of use; one that is out of use already stays so. */
  void deregister(String arn);
}
