package slipway.slo;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.config.Slo.Indicator.Availability;
import slipway.config.Slo.Indicator.Latency;
import slipway.json.Json;

/** A stack with one service, dice, and SLOs for it. */
final class Samples {
  static final ServiceName DICE = new ServiceName("dice");
  static final Ownership OWNER = new Ownership("slipway", DICE);
  static final KeyAttributes SUBJECT =
      new KeyAttributes(Map.of("Type", "Service", "Name", "dice", "Environment", "production"));
  static final String ROLL = "GET /rolldice";

  private Samples() {}

  static Slo available(String name, double goal) {
    return new Slo(name, ROLL, new Availability(), goal, 7, 50);
  }

  static Slo fast(String name, String statistic, int millis) {
    return new Slo(name, ROLL, new Latency(statistic, Duration.ofMillis(millis)), 99, 7, 50);
  }

  static Objective objective(Slo slo) {
    return Objective.declared(slo, SUBJECT);
  }

  static Existing existing(Slo slo) {
    return new Existing("arn:" + slo.name(), Optional.of(OWNER), objective(slo));
  }

  static Config config(Slo... slos) {
    return config(Arrays.asList(slos));
  }

  static Config config(List<Slo> slos) {
    var written =
        slos.stream()
            .map(
                slo ->
                    switch (slo.indicator()) {
                      case Availability() ->
                          Map.of(
                              "name",
                              slo.name(),
                              "operation",
                              slo.operation(),
                              "availability",
                              slo.goal(),
                              "days",
                              slo.days(),
                              "warning",
                              slo.warning());
                      case Latency(var statistic, var threshold) ->
                          Map.of(
                              "name",
                              slo.name(),
                              "operation",
                              slo.operation(),
                              "latency",
                              Map.of(statistic, threshold.toMillis() + "ms"),
                              "goal",
                              slo.goal(),
                              "days",
                              slo.days(),
                              "warning",
                              slo.warning());
                    })
            .toList();
    return Configs.fromJson(
        Json.of(
            Map.of(
                "stack",
                "slipway",
                "repository",
                "example/dice",
                "services",
                Map.of(
                    "dice",
                    Map.of(
                        "health",
                        "/healthcheck",
                        "environment",
                        "production",
                        "containers",
                        Map.of("app", Map.of("build", "app", "port", 8080)),
                        "slos",
                        written)))));
  }
}
