package slipway.notice;

/**
 * The metrics that Slipway gives CloudWatch itself, each of one service of one stack. They are few,
 * as each costs money in every hour in which it is given: what AWS measures anyway, builds and
 * functions, is not measured again.
 */
public enum Measure {
  /** A push, found by its webhook or without one, that started a build of the service. */
  PUSHES("Pushes", Unit.COUNT),
  /** 1 for a rollout that ended healthy, 0 for one that failed. */
  ROLLOUTS_HEALTHY("RolloutsHealthy", Unit.COUNT),
  /** 1 for a rollout that failed, 0 for one that ended healthy. */
  ROLLOUTS_FAILED("RolloutsFailed", Unit.COUNT),
  /** From a push until its rollout was found healthy. */
  PUSH_TO_HEALTHY("PushToHealthy", Unit.SECONDS),
  /** Of DORA's figures of the last 30 days, as the audits find them: deployments in a day. */
  DEPLOYMENT_FREQUENCY("DeploymentFrequency", Unit.COUNT),
  /** Median from push to healthy. */
  LEAD_TIME("LeadTime", Unit.SECONDS),
  /** Changes that failed, of all. */
  CHANGE_FAILURE_RATE("ChangeFailureRate", Unit.PERCENT),
  /** Median from the begin of a rollout that failed until other content served alone. */
  TIME_TO_RESTORE("TimeToRestore", Unit.SECONDS);

  /** Of the metrics. */
  public static final String NAMESPACE = "Slipway";

  /** Dimensions of each metric: the stack's name, and the service's. */
  public static final String STACK = "Stack";

  public static final String SERVICE = "Service";

  /** Names are CloudWatch's. */
  public enum Unit {
    COUNT("Count"),
    SECONDS("Seconds"),
    PERCENT("Percent");

    private final String title;

    Unit(String title) {
      this.title = title;
    }

    /** As CloudWatch calls it. */
    public String title() {
      return title;
    }
  }

  private final String title;
  private final Unit unit;

  Measure(String title, Unit unit) {
    this.title = title;
    this.unit = unit;
  }

  /** Name of the metric. */
  public String title() {
    return title;
  }

  public Unit unit() {
    return unit;
  }
}
