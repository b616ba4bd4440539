package slipway.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.json.Json;
import slipway.slo.KeyAttributes;
import slipway.slo.Objective;

/** A stack with one service, dice, and SLOs for it. */
final class Samples {
  private Samples() {}

  /** As slipway.yaml declares it. */
  static Json available(String name, double goal) {
    return Json.of(Map.of("name", name, "operation", "GET /rolldice", "availability", goal));
  }

  /** As slipway.yaml declares it. */
  static Json fast(String name, String statistic, int millis) {
    return Json.of(
        Map.of(
            "name",
            name,
            "operation",
            "GET /rolldice",
            "latency",
            Map.of(statistic, millis + "ms")));
  }

  /** What an SLO says that is as declared. */
  static Objective objective(Json slo) {
    var service = config(List.of(slo)).services().getFirst();
    return Objective.declared(service.slos().getFirst(), KeyAttributes.expected(service));
  }

  static Owned owned(String name) {
    return new Owned("arn:" + name, name, "dice");
  }

  static Config config(Json... slos) {
    return config(Arrays.asList(slos));
  }

  static Config config(List<Json> slos) {
    return config("report", slos);
  }

  /** With a word for what a spent budget does. */
  static Config config(String onExhausted, List<Json> slos) {
    return Configs.fromJson(
        Json.of(
            Map.of(
                "stack",
                "slipway",
                "repository",
                "example/dice",
                "budgets",
                Map.of("onExhausted", onExhausted),
                "services",
                Map.of(
                    "dice",
                    Map.of(
                        "containers",
                        Map.of("app", Map.of("build", "app", "port", 8080)),
                        "slos",
                        slos.stream().map(Json::value).toList())))));
  }
}
