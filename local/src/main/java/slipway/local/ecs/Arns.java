package slipway.local.ecs;

import slipway.local.cloud.Place;

/** Names of ECS things. */
final class Arns {
  private static final String PREFIX = Place.arn("ecs", "");

  private Arns() {}

  static String cluster(String name) {
    return PREFIX + "cluster/" + name;
  }

  static String service(String cluster, String name) {
    return PREFIX + "service/" + cluster + "/" + name;
  }

  static String task(String cluster, String id) {
    return PREFIX + "task/" + cluster + "/" + id;
  }

  static String container(String cluster, String task, String id) {
    return PREFIX + "container/" + cluster + "/" + task + "/" + id;
  }

  static String containerInstances(String cluster) {
    return PREFIX + "container-instance/" + cluster + "/*";
  }

  static String taskDefinition(String family, String revision) {
    return PREFIX + "task-definition/" + family + ":" + revision;
  }

  static String serviceDeployment(String cluster, String service, String id) {
    return PREFIX + "service-deployment/" + cluster + "/" + service + "/" + id;
  }

  static String serviceRevision(String cluster, String service, String id) {
    return PREFIX + "service-revision/" + cluster + "/" + service + "/" + id;
  }

  /** The last segment of an ARN; a plain name is its own. */
  static String name(String nameOrArn) {
    return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
  }
}
