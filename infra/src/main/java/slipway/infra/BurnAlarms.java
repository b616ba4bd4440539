package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import slipway.config.Service;
import slipway.config.Slo;
import slipway.slo.BurnRateAlarm;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/**
 * Tells when a service burns its error budgets too fast. The alarms stand before the SLOs do, which
 * wait for the service to be discovered: until then, as without traffic, there is no data, and no
 * data is no burning.
 */
final class BurnAlarms extends Construct {
  private static final Duration EVERY = Duration.minutes(1);

  /** Names of those that end a rollout. */
  final List<String> fast;

  /**
   * @param stack first part of names
   */
  record Inputs(String stack, Service service, Topic topic) {}

  BurnAlarms(Construct scope, Inputs inputs) {
    super(scope, "Burns");
    var names = new ArrayList<String>();
    for (var slo : inputs.service().slos())
      for (var burn : BurnRateAlarm.of(inputs.stack(), inputs.service().name(), slo)) {
        var alarm = alarm(inputs, slo, burn);
        switch (burn.speed()) {
          case FAST -> names.add(alarm.getAlarmName());
          case SLOWLY -> {}
        }
      }
    fast = List.copyOf(names);
  }

  private Alarm alarm(Inputs inputs, Slo slo, BurnRateAlarm burn) {
    var alarm =
        Alarm.Builder.create(this, slo.name() + " " + burn.speed())
            .alarmName(burn.name())
            .alarmDescription(burn.description(inputs.stack() + "-operator:live"))
            .metric(
                MathExpression.Builder.create()
                    // Both are above the threshold if the lower one is.
                    .expression("MIN([long, short])")
                    .usingMetrics(
                        sorted(
                            Map.of(
                                "long",
                                rate(slo, burn.longWindow()),
                                "short",
                                rate(slo, burn.shortWindow()))))
                    .label("burn rate")
                    .period(EVERY)
                    .build())
            .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
            .threshold(burn.threshold())
            .evaluationPeriods(1)
            .treatMissingData(TreatMissingData.NOT_BREACHING)
            .build();
    alarm.addAlarmAction(new SnsAction(inputs.topic()));
    alarm.addOkAction(new SnsAction(inputs.topic()));
    return alarm;
  }

  /** How fast the budget burnt in the window until now, 1 being as fast as it may. */
  private static Metric rate(Slo slo, java.time.Duration window) {
    return Metric.Builder.create()
        .namespace("AWS/ApplicationSignals")
        .metricName("BurnRate")
        .dimensionsMap(
            sorted(
                Map.of(
                    "SloName",
                    slo.name(),
                    "BurnRateWindowMinutes",
                    String.valueOf(window.toMinutes()))))
        .statistic("Maximum")
        .period(EVERY)
        .build();
  }
}
