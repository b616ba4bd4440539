package slipway.local.ecs;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The target groups of the load balancers, as ECS uses them. Targets are loopback ports. */
public interface Targets {

  /**
   * @param onChange called whenever the target's health changes
   */
  void register(String targetGroupArn, int port, Runnable onChange);

  /** Takes the target out; complete when its last request has its answer, or the delay is over. */
  CompletableFuture<Void> deregister(String targetGroupArn, int port);

  Health health(String targetGroupArn, int port);

  /** Why its last health check failed, in the load balancer's words; of no use if none did. */
  String failure(String targetGroupArn, int port);

  /** The target groups that a listener's rule forwards to, with their weights, in its order. */
  Map<String, Integer> weights(String ruleArn);

  /** Has a listener's rule forward so. */
  void shift(String ruleArn, Map<String, Integer> weights);

  /**
   * A target that fails its health checks.
   *
   * @param containerPort of the container
   * @param why in the load balancer's words, such as {@code Request timed out}
   */
  record Sick(String targetGroup, int containerPort, Health health, String why) {}

  /** What the health checks say of a target. */
  enum Health {
    /** Too few checks yet. */
    INITIAL,
    HEALTHY,
    /** It does not answer: refused or timed out. */
    SILENT,
    /** It answers, but not what the target group wants. */
    WRONG
  }
}
