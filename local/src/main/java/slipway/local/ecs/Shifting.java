package slipway.local.ecs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import slipway.json.Json;
import slipway.local.cloud.AwsError;

/**
 * What a service is told of shifting requests.
 *
 * @param steps to the last one, which is all of them
 * @param bake how long the old version's tasks stay then, at AWS's pace
 * @param groups the target group, and the alternate one
 * @param rule ARN of the listener rule that forwards to both
 * @param role ARN of whom ECS works on the load balancer as
 */
record Shifting(List<Step> steps, Duration bake, List<String> groups, String rule, String role) {

  /**
   * So many of the requests go to the new version.
   *
   * @param percent tenths of a percent count
   * @param then how long it stays so, at AWS's pace
   */
  record Step(double percent, Duration then) {}

  private static final Step ALL = new Step(100, Duration.ZERO);

  /**
   * Empty where tasks are replaced one by one.
   *
   * @param configuration the deployment configuration
   * @param balancers of the service
   */
  static Optional<Shifting> of(Json configuration, List<Json> balancers) {
    var strategy = configuration.at("strategy").optionalText().orElse("ROLLING");
    if (strategy.equals("ROLLING")) return Optional.empty();
    if (balancers.size() != 1)
      throw new AwsError(
          400,
          "InvalidParameterException",
          "local plays %s of services with one load balancer".formatted(strategy));
    var balancer = balancers.getFirst();
    var advanced = balancer.at("advancedConfiguration");
    if (advanced.missing())
      throw new AwsError(
          400,
          "InvalidParameterException",
          "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING"
              + " deployment strategy");
    return Optional.of(
        new Shifting(
            steps(strategy, configuration),
            minutes(configuration.at("bakeTimeInMinutes"), 0),
            List.of(
                balancer.at("targetGroupArn").text(),
                advanced.at("alternateTargetGroupArn").text()),
            advanced.at("productionListenerRule").text(),
            advanced.at("roleArn").text()));
  }

  private static List<Step> steps(String strategy, Json configuration) {
    return switch (strategy) {
      case "BLUE_GREEN" -> List.of(ALL);
      case "CANARY" -> {
        var canary = configuration.at("canaryConfiguration");
        yield List.of(
            new Step(
                percent(canary.at("canaryPercent"), 5),
                minutes(canary.at("canaryBakeTimeInMinutes"), 10)),
            ALL);
      }
      case "LINEAR" -> {
        var linear = configuration.at("linearConfiguration");
        var percent = percent(linear.at("stepPercent"), 10);
        var then = minutes(linear.at("stepBakeTimeInMinutes"), 6);
        var steps = new ArrayList<Step>();
        for (int n = 1; n * percent < 100; n++) steps.add(new Step(n * percent, then));
        steps.add(ALL);
        yield List.copyOf(steps);
      }
      default ->
          throw new AwsError(
              400, "InvalidParameterException", "Unknown deployment strategy " + strategy);
    };
  }

  private static double percent(Json value, double otherwise) {
    return value.missing() ? otherwise : value.number();
  }

  private static Duration minutes(Json value, int otherwise) {
    return Duration.ofMinutes(value.missing() ? otherwise : value.integer(0, 1440));
  }

  /** The other one of both groups. */
  String besides(String group) {
    return groups.get(0).equals(group) ? groups.get(1) : groups.get(0);
  }
}
